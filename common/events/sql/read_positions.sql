SELECT shard, epoch, position FROM consumer_positions WHERE source = $1 ORDER BY shard
