SELECT shard, epoch, position FROM log_heads ORDER BY shard
