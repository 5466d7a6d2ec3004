INSERT INTO sweeps (shard, organization_id, cycle, due_time, after)
SELECT $1, $2, cycle, $4, '' FROM unnest($3::text[]) AS cycle
ON CONFLICT (shard, organization_id, cycle) DO UPDATE
SET due_time = least(sweeps.due_time, excluded.due_time), after = ''
