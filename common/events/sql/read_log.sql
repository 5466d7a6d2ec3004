-- A page of one shard; empty filters let everything pass.
SELECT position, epoch, event_id, organization_id, type, subject, subject_version, event_time, actor, request_id,
       traceparent, private, data
FROM event_log
WHERE shard = $1 AND position > $2 AND position <= $3
  AND ($4 = '' OR organization_id = $4)
  AND (cardinality($5) = 0 OR type = ANY($5))
  AND ($6 = '' OR subject = $6 OR starts_with(subject, $6 || '/'))
ORDER BY position
LIMIT $7
