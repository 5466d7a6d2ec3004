-- What checkins keeps. Names and references are relative: without "organizations/{organization}/". Times in columns of
-- type bigint are Unix microseconds.

-- okr.checkins.v1.CheckIn; never changed.
CREATE TABLE check_ins (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  key_result text COLLATE "C" NOT NULL,
  effective_time bigint NOT NULL,
  create_time bigint NOT NULL,
  PRIMARY KEY (organization_id, name)
);
CREATE INDEX check_ins_by_time ON check_ins (organization_id, key_result, effective_time, create_time, name);

-- By the check-in that was corrected: the name of the one that took its place.
CREATE TABLE corrections (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- By key result: how it stands to its due dates (stored.DueState).
CREATE TABLE due_states (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  cycle text COLLATE "C" NOT NULL DEFAULT '',
  owner text COLLATE "C" NOT NULL DEFAULT '',
  due_time bigint NOT NULL DEFAULT 9223372036854775807,
  fire_time bigint NOT NULL DEFAULT 0,    -- when the timer looks at it next; 0 is at once
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);
CREATE INDEX due_states_by_cycle ON due_states (organization_id, cycle, name);
CREATE INDEX due_states_by_time ON due_states (organization_id, due_time, name)
  WHERE due_time < 9223372036854775807;
CREATE INDEX due_states_by_owner ON due_states (organization_id, owner, due_time, name)
  WHERE due_time < 9223372036854775807;
-- The timer's, across organizations.
CREATE INDEX due_states_by_fire_time ON due_states (fire_time, organization_id, name)
  WHERE fire_time < 9223372036854775807;

-- By cycle: for which opening of its grading (version of the cycle) the log was sealed.
CREATE TABLE cycle_seals (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  seal_time timestamptz NOT NULL,
  PRIMARY KEY (organization_id, name)
);

ALTER TABLE check_ins ENABLE ROW LEVEL SECURITY;
ALTER TABLE check_ins FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON check_ins TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON check_ins TO ${migrate_role} USING (true);
ALTER TABLE corrections ENABLE ROW LEVEL SECURITY;
ALTER TABLE corrections FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON corrections TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON corrections TO ${migrate_role} USING (true);
ALTER TABLE due_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE due_states FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON due_states TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON due_states TO ${migrate_role} USING (true);
ALTER TABLE cycle_seals ENABLE ROW LEVEL SECURITY;
ALTER TABLE cycle_seals FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON cycle_seals TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON cycle_seals TO ${migrate_role} USING (true);

-- UPDATE of check_ins and corrections is for row locks only; no statement changes one.
GRANT SELECT, INSERT, UPDATE ON check_ins, corrections, due_states, cycle_seals TO ${runtime_role};

-- Which key results the timer has to look at, of all organizations: it may know their names, but not their rows.
CREATE FUNCTION due_states_to_look_at(until bigint, after_time bigint, after_organization text, after_name text,
                                      at_most integer)
RETURNS TABLE (organization_id text, name text, fire_time bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $$
  SELECT s.organization_id, s.name, s.fire_time
  FROM due_states AS s
  WHERE s.fire_time < 9223372036854775807 AND s.fire_time <= until
    AND (s.fire_time, s.organization_id, s.name) > (after_time, after_organization, after_name)
  ORDER BY s.fire_time, s.organization_id, s.name
  LIMIT at_most
$$;
REVOKE ALL ON FUNCTION due_states_to_look_at(bigint, bigint, text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION due_states_to_look_at(bigint, bigint, text, text, integer) TO ${runtime_role};
