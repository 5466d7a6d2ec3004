-- $1 organization, $2 names: each objective with its score summary.
SELECT objective.name, objective.body, summary.body
FROM objectives AS objective
LEFT JOIN score_summaries AS summary
  ON summary.organization_id = objective.organization_id AND summary.name = objective.name
WHERE objective.organization_id = $1 AND objective.name = ANY($2::text[])
