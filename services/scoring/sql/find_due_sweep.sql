SELECT shard, organization_id, cycle FROM sweeps WHERE due_time <= $1 ORDER BY due_time, organization_id, cycle LIMIT 1
