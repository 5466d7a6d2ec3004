SELECT epoch, position FROM consumer_positions WHERE source = $1 AND shard = $2 FOR UPDATE
