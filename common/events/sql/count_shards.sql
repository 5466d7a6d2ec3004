SELECT count(*) FROM log_heads
