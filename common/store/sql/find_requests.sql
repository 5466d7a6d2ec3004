-- $1 organization, $2 request ids, $3 the organization's shard: the answers that were given under them, and where the log
-- stands, which is not before what they wrote.
SELECT known.request_id, known.digest, known.response, head.epoch, head.position
FROM requests AS known
CROSS JOIN log_heads AS head
WHERE known.organization_id = $1 AND known.request_id = ANY($2::text[]) AND head.shard = $3
