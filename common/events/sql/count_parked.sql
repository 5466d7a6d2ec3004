SELECT count(*) FROM parked_events WHERE source = $1
