UPDATE consumer_positions SET epoch = $3, position = $4, update_time = now() WHERE source = $1 AND shard = $2
