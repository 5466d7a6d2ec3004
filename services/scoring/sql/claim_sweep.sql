SELECT after FROM sweeps
WHERE shard = $1 AND organization_id = $2 AND cycle = $3 AND due_time <= $4
FOR UPDATE
