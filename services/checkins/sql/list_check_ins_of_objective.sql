-- As list_check_ins, of all key results whose names lie between $2 and $7.
SELECT page.name, page.body, page.effective_time, page.create_time
FROM projection AS key_result
CROSS JOIN LATERAL (
  SELECT name, body, effective_time, create_time
  FROM check_ins
  WHERE organization_id = $1 AND key_result = key_result.name
    AND (effective_time, create_time, name) < ($3, $4, $5)
  ORDER BY effective_time DESC, create_time DESC, name DESC
  LIMIT $6
) AS page
WHERE key_result.organization_id = $1 AND key_result.name > $2 AND key_result.name < $7 AND NOT key_result.deleted
ORDER BY page.effective_time DESC, page.create_time DESC, page.name DESC
LIMIT $6
