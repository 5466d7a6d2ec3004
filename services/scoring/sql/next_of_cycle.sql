SELECT name FROM projection
WHERE organization_id = $1 AND cycle = $2 AND cycle <> '' AND name > $3
ORDER BY name LIMIT $4
