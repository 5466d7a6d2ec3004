-- $1 organization, $2 names.
SELECT name, body FROM teams WHERE organization_id = $1 AND name = ANY($2::text[])
