-- $1 organization, $2 key results, $3 their cycles: rows for those that have none yet, for the timer to look at.
INSERT INTO due_states (organization_id, name, version, body, cycle)
SELECT $1, fresh.name, 1, '', fresh.cycle
FROM unnest($2::text[], $3::text[]) AS fresh (name, cycle)
ORDER BY fresh.name
ON CONFLICT (organization_id, name) DO NOTHING
