-- $1 organization, $2 relative name of the person.
SELECT count(*) FROM notifications WHERE organization_id = $1 AND unread = $2 AND unread <> ''
