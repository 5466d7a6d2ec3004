-- What scoring keeps. Names and references are relative: without "organizations/{organization}/". Where a body is a message
-- of services/scoring/store/stored.proto it is private to this service; the others are public resources.

-- One row for each organization, named '': whoever changes scores of an organization locks it first, so that all numbers
-- of one organization are computed one after the other, each from all that stands.
CREATE TABLE score_books (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- By key result: what its check-ins said (stored.Measurements).
CREATE TABLE measurements (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);

-- By key result: how its owner graded it (okr.scoring.v1.Grade).
CREATE TABLE grades (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- By objective: what its numbers are made of, and what it is part of itself (stored.ObjectiveParts). Edges of the
-- alignment stand at both ends, so that it is walked by primary key upward and downward.
CREATE TABLE objective_parts (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);

-- okr.scoring.v1.KeyResultScore, with its explanations.
CREATE TABLE key_result_scores (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);

-- okr.scoring.v1.ObjectiveScore, with its explanations.
CREATE TABLE objective_scores (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  cycle text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);
CREATE INDEX objective_scores_by_cycle ON objective_scores (organization_id, cycle, name);

-- By cycle: how far its close has come (stored.CycleState).
CREATE TABLE cycle_states (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- What has to be evaluated again because time passed or a whole cycle changed, keyed by shard. A walk through the cycle's
-- objectives and key results in the order of names, in small transactions; holds no business data, so it has no row-level
-- security, and one statement finds what is due for all organizations.
CREATE TABLE sweeps (
  shard integer NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  cycle text COLLATE "C" NOT NULL,
  due_time timestamptz NOT NULL,
  after text COLLATE "C" NOT NULL,  -- everything up to this name is done; '' at the beginning
  PRIMARY KEY (shard, organization_id, cycle)
) WITH (fillfactor = 50);
CREATE INDEX sweeps_by_due_time ON sweeps (due_time);

ALTER TABLE score_books ENABLE ROW LEVEL SECURITY;
ALTER TABLE score_books FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON score_books TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON score_books TO ${migrate_role} USING (true);
ALTER TABLE measurements ENABLE ROW LEVEL SECURITY;
ALTER TABLE measurements FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON measurements TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON measurements TO ${migrate_role} USING (true);
ALTER TABLE grades ENABLE ROW LEVEL SECURITY;
ALTER TABLE grades FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON grades TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON grades TO ${migrate_role} USING (true);
ALTER TABLE objective_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE objective_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON objective_parts TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON objective_parts TO ${migrate_role} USING (true);
ALTER TABLE key_result_scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_result_scores FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON key_result_scores TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON key_result_scores TO ${migrate_role} USING (true);
ALTER TABLE objective_scores ENABLE ROW LEVEL SECURITY;
ALTER TABLE objective_scores FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON objective_scores TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON objective_scores TO ${migrate_role} USING (true);
ALTER TABLE cycle_states ENABLE ROW LEVEL SECURITY;
ALTER TABLE cycle_states FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON cycle_states TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON cycle_states TO ${migrate_role} USING (true);

GRANT SELECT, INSERT, UPDATE ON score_books, measurements, grades, objective_parts, key_result_scores, objective_scores,
  cycle_states TO ${runtime_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON sweeps TO ${runtime_role};
