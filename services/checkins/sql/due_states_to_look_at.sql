-- $1 until, $2 to $4 key of the last row of the page before, $5 how many: of all organizations.
SELECT organization_id, name, fire_time FROM due_states_to_look_at($1, $2, $3, $4, $5)
