SELECT position, event FROM parked_events WHERE source = $1 AND shard = $2 AND subject = $3 ORDER BY position LIMIT 1
