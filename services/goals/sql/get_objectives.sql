-- $1 organization, $2 names: each objective with its score summary and the token subject of the person who owns it.
SELECT objective.name, objective.body, summary.body, owner.lookup
FROM objectives AS objective
LEFT JOIN score_summaries AS summary
  ON summary.organization_id = objective.organization_id AND summary.name = objective.name
LEFT JOIN people AS owner
  ON owner.organization_id = objective.organization_id AND owner.name = objective.owner
WHERE objective.organization_id = $1 AND objective.name = ANY($2::text[])
