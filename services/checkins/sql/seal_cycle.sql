-- $1 organization, $2 cycle, $3 version of the cycle whose grading was opened, $4 now: gives a row if it was not sealed for
-- this or a later opening.
INSERT INTO cycle_seals AS old (organization_id, name, version, seal_time)
VALUES ($1, $2, $3, $4)
ON CONFLICT (organization_id, name) DO UPDATE
SET version = excluded.version, seal_time = excluded.seal_time
WHERE old.version < excluded.version
RETURNING name
