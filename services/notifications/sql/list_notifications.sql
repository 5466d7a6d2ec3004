-- $1 organization, $2 relative name of the person, $3 create time and $4 name of the last one on the page before,
-- $5 how many.
SELECT body
FROM notifications
WHERE organization_id = $1 AND recipient = $2 AND (create_time, name) < ($3, $4)
ORDER BY create_time DESC, name DESC
LIMIT $5
