-- $1 organization, $2 names: each key result with its score summary, its objective, and the token subjects of the people
-- who own the objective and the key result itself.
SELECT key_result.name, key_result.body, summary.body, objective.body, objective_owner.lookup, owner.lookup
FROM key_results AS key_result
JOIN objectives AS objective
  ON objective.organization_id = key_result.organization_id AND objective.name = key_result.objective
LEFT JOIN score_summaries AS summary
  ON summary.organization_id = key_result.organization_id AND summary.name = key_result.name
LEFT JOIN people AS objective_owner
  ON objective_owner.organization_id = objective.organization_id AND objective_owner.name = objective.owner
LEFT JOIN people AS owner
  ON owner.organization_id = key_result.organization_id AND owner.name = key_result.owner
WHERE key_result.organization_id = $1 AND key_result.name = ANY($2::text[])
