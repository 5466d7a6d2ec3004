-- $1 organization, $2 names, which are ''.
SELECT name, body FROM organizations WHERE organization_id = $1 AND name = ANY($2::text[])
