-- $1 organization, $2 key result, $3 to $5 key of the last row of the page before, $6 how many: latest first.
SELECT name, body, effective_time, create_time
FROM check_ins
WHERE organization_id = $1 AND key_result = $2 AND (effective_time, create_time, name) < ($3, $4, $5)
ORDER BY effective_time DESC, create_time DESC, name DESC
LIMIT $6
