-- $1 organization, $2 relative name of the cycle. Objectives lie in a cycle too.
SELECT name
FROM projection
WHERE organization_id = $1 AND cycle = $2 AND cycle <> '' AND NOT deleted AND name LIKE '%/keyResults/%'
ORDER BY name
