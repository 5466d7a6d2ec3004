-- $1 organization, $2 key results: the last check-in of each that has one.
SELECT key_result.name, latest.body
FROM unnest($2::text[]) AS key_result (name)
CROSS JOIN LATERAL (
  SELECT body
  FROM check_ins
  WHERE organization_id = $1 AND key_result = key_result.name
  ORDER BY effective_time DESC, create_time DESC, name DESC
  LIMIT 1
) AS latest
