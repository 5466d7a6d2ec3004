SELECT shard, epoch, first_position FROM log_epochs ORDER BY shard, first_position, epoch
