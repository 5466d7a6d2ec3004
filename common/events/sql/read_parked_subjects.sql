SELECT DISTINCT subject FROM parked_events WHERE source = $1 AND shard = $2 AND subject = ANY($3)
