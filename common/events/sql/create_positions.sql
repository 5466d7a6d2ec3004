INSERT INTO consumer_positions (source, shard, epoch, position)
SELECT $1, shard, 0, 0 FROM generate_series(0, $2 - 1) AS shard
ON CONFLICT DO NOTHING
