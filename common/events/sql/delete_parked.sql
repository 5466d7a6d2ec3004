DELETE FROM parked_events WHERE source = $1 AND shard = $2 AND position = $3
