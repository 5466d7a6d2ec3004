-- As list_notifications.sql, of those that were not read yet.
SELECT body
FROM notifications
WHERE organization_id = $1 AND unread = $2 AND unread <> '' AND (create_time, name) < ($3, $4)
ORDER BY create_time DESC, name DESC
LIMIT $5
