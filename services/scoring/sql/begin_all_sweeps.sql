INSERT INTO sweeps (shard, organization_id, cycle, due_time, after)
SELECT $1, $2, name, $3, '' FROM projection
WHERE organization_id = $2 AND name > 'cycles/' AND name < 'cycles0'
ON CONFLICT (shard, organization_id, cycle) DO UPDATE
SET due_time = least(sweeps.due_time, excluded.due_time), after = ''
