SELECT make_log_partitions($1)
