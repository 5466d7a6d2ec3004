-- $1 organization, $2 request ids: the answers that were given under them.
SELECT request_id, digest, response
FROM requests
WHERE organization_id = $1 AND request_id = ANY($2::text[])
