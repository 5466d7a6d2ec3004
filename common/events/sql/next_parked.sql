SELECT shard, subject, position, event FROM parked_events
WHERE source = $1 AND (shard, subject) > ($2, $3)
ORDER BY shard, subject, position LIMIT 1
