INSERT INTO projection (organization_id, name, version, deleted, lookup, cycle, body)
SELECT $1, name, version, deleted, lookup, cycle, body
FROM unnest($2, $3, $4, $5, $6, $7) AS fresh (name, version, deleted, lookup, cycle, body)
ON CONFLICT (organization_id, name) DO UPDATE
SET version = excluded.version, deleted = excluded.deleted, lookup = excluded.lookup, cycle = excluded.cycle,
    body = excluded.body
WHERE projection.version < excluded.version
