-- $1 organization, $2 token subjects: each subject with the person's name and body.
SELECT lookup, name, body
FROM people
WHERE organization_id = $1 AND lookup = ANY($2::text[])
