UPDATE sweeps SET due_time = $4, after = $5 WHERE shard = $1 AND organization_id = $2 AND cycle = $3
