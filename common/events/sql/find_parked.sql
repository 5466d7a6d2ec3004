SELECT DISTINCT shard FROM parked_events WHERE source = $1 AND subject = $2 ORDER BY shard
