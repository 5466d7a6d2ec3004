-- $1 organization, $2 key results, $3 objectives, $4 cycles, $5 whether all: makes the timer look at these key results at
-- once. Locks rows in the order of their names, as write batches do, and before anything else of the transaction.
--
-- Written so that it reads the rows that it wants and no others: laterals and arrays, since nothing tells the planner of a
-- join that the names are few; and the bounds of a range as columns, since row-level security lets only comparisons, not
-- `||`, look at rows of an index.
WITH range AS MATERIALIZED (
  SELECT objective || '/keyResults/' AS low, objective || '/keyResults0' AS high FROM unnest($3::text[]) AS objective
), wanted AS (
  SELECT unnest($2::text[]) AS name
  UNION
  SELECT due.name
  FROM range
  CROSS JOIN LATERAL (
    SELECT name FROM due_states WHERE organization_id = $1 AND name > range.low AND name < range.high ORDER BY name OFFSET 0
  ) AS due
  UNION
  SELECT due.name
  FROM unnest($4::text[]) AS cycle (name)
  CROSS JOIN LATERAL (
    SELECT name FROM due_states WHERE organization_id = $1 AND due_states.cycle = cycle.name OFFSET 0
  ) AS due
  UNION
  SELECT name FROM due_states WHERE organization_id = $1 AND $5
), locked AS (
  SELECT name
  FROM due_states
  WHERE organization_id = $1 AND name = ANY(ARRAY(SELECT name FROM wanted))
  ORDER BY name
  FOR NO KEY UPDATE
)
UPDATE due_states SET fire_time = 0
WHERE organization_id = $1 AND name = ANY(ARRAY(SELECT name FROM locked))
