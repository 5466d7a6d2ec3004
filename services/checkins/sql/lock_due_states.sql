-- $1 organization, $2 key results, $3 objectives, $4 cycles, $5 whether all: makes the timer look at these key results at
-- once. Locks rows in the order of their names, as write batches do, and before anything else of the transaction.
WITH wanted AS (
  SELECT unnest($2::text[]) AS name
  UNION
  SELECT due.name
  FROM unnest($3::text[]) AS objective (name)
  JOIN due_states AS due
    ON due.organization_id = $1 AND due.name > objective.name || '/keyResults/'
       AND due.name < objective.name || '/keyResults0'
  UNION
  SELECT name FROM due_states WHERE organization_id = $1 AND cycle = ANY($4::text[])
  UNION
  SELECT name FROM due_states WHERE organization_id = $1 AND $5
), locked AS (
  SELECT due.name
  FROM due_states AS due
  JOIN wanted ON wanted.name = due.name
  WHERE due.organization_id = $1
  ORDER BY due.name
  FOR NO KEY UPDATE OF due
)
UPDATE due_states AS due SET fire_time = 0
FROM locked
WHERE due.organization_id = $1 AND due.name = locked.name
