INSERT INTO parked_events (source, shard, position, epoch, subject, event, error)
SELECT $1, $2, position, epoch, subject, event, $7
FROM unnest($3, $4, $5, $6) AS parked (position, epoch, subject, event)
