-- As list_due, of the owners $6.
SELECT due.name, due.body, key_result.body, objective.body
FROM due_states AS due
JOIN projection AS key_result ON key_result.organization_id = $1 AND key_result.name = due.name
JOIN projection AS objective
  ON objective.organization_id = $1 AND objective.name = 'objectives/' || split_part(due.name, '/', 2)
WHERE due.organization_id = $1 AND due.owner = ANY($6::text[]) AND due.due_time <= $2
  AND due.due_time < 9223372036854775807 AND (due.due_time, due.name) > ($3, $4)
  AND NOT key_result.deleted AND NOT objective.deleted
ORDER BY due.due_time, due.name
LIMIT $5
