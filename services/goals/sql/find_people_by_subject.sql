-- $1 organization, $2 token subjects: each subject with its person.
SELECT lookup, body FROM people WHERE organization_id = $1 AND lookup = ANY($2::text[])
