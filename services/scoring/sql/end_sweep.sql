DELETE FROM sweeps WHERE shard = $1 AND organization_id = $2 AND cycle = $3
