-- $1 shard, $2 number of events, $3 organization, then arrays in the order of the events. Takes the positions and
-- inserts the events; gives the epoch and the last position. The lock on the head's row is held until the commit, which
-- follows at once: so positions are contiguous and in the order of commits.
WITH head AS (
  UPDATE log_heads SET position = position + $2 WHERE shard = $1
  RETURNING epoch, position - $2 AS base
), inserted AS (
  INSERT INTO event_log (shard, position, epoch, event_id, organization_id, type, subject, subject_version, event_time,
                         actor, request_id, traceparent, private, data)
  SELECT $1, head.base + new.ordinal, head.epoch, new.event_id, $3, new.type, new.subject, new.subject_version,
         new.event_time, new.actor, new.request_id, new.traceparent, new.private,
         new.data
  FROM head, unnest($4::uuid[], $5::text[], $6::text[], $7::bigint[], $8::timestamptz[], $9::text[], $10::text[],
                    $11::text[], $12::boolean[], $13::bytea[])
       WITH ORDINALITY AS new(event_id, type, subject, subject_version, event_time, actor, request_id, traceparent,
                              private, data, ordinal)
)
SELECT epoch, base + $2 FROM head
