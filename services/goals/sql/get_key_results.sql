-- $1 organization, $2 names: each key result with its score summary and its objective.
SELECT key_result.name, key_result.body, summary.body, objective.body
FROM key_results AS key_result
JOIN objectives AS objective
  ON objective.organization_id = key_result.organization_id AND objective.name = key_result.objective
LEFT JOIN score_summaries AS summary
  ON summary.organization_id = key_result.organization_id AND summary.name = key_result.name
WHERE key_result.organization_id = $1 AND key_result.name = ANY($2::text[])
