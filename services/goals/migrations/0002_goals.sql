-- What goals and its directory own. Names and references are relative: without "organizations/{organization}/". A body is
-- the serialized public resource, with its etag; the other columns follow from it and serve lookups alone.

-- Its own one row, named ''.
CREATE TABLE organizations (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);

CREATE TABLE people (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  lookup text COLLATE "C" NOT NULL,  -- subject of their tokens
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
-- No two people have one subject; a concurrent second one finds out here.
CREATE UNIQUE INDEX people_by_lookup ON people (organization_id, lookup);

CREATE TABLE teams (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  parent text COLLATE "C" NOT NULL,  -- '' for a root
  deleted bigint NOT NULL,  -- 0 or 1
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
CREATE INDEX teams_by_parent ON teams (organization_id, parent);

CREATE TABLE cycles (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  parent text COLLATE "C" NOT NULL,  -- '' for a root
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
CREATE INDEX cycles_by_parent ON cycles (organization_id, parent);

CREATE TABLE objectives (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  cycle text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,
  state bigint NOT NULL,  -- okr.goals.v1.ObjectiveState
  deleted bigint NOT NULL,  -- 0 or 1
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
CREATE INDEX objectives_by_cycle ON objectives (organization_id, cycle, name);
CREATE INDEX objectives_by_owner ON objectives (organization_id, owner, name);

CREATE TABLE key_results (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  objective text COLLATE "C" NOT NULL,
  cycle text COLLATE "C" NOT NULL,
  owner text COLLATE "C" NOT NULL,  -- '' where the objective's is meant
  deleted bigint NOT NULL,  -- 0 or 1
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
CREATE INDEX key_results_by_objective ON key_results (organization_id, objective, name);
CREATE INDEX key_results_by_cycle ON key_results (organization_id, cycle, name);
CREATE INDEX key_results_by_owner ON key_results (organization_id, owner, name) WHERE owner <> '';

-- What scoring last said of an objective or key result: okr.goals.v1.ScoreSummary. Of no version of theirs, and written
-- by the consumer of scoring's events alone.
CREATE TABLE score_summaries (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,  -- of the score
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 70);

-- One row for each graph of an organization that must stay acyclic ("alignment", "teams"): whoever adds an edge locks it
-- before reading the graph.
CREATE TABLE alignment_locks (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);

ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE organizations FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON organizations TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON organizations TO ${migrate_role} USING (true);
ALTER TABLE people ENABLE ROW LEVEL SECURITY;
ALTER TABLE people FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON people TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON people TO ${migrate_role} USING (true);
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
ALTER TABLE teams FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON teams TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON teams TO ${migrate_role} USING (true);
ALTER TABLE cycles ENABLE ROW LEVEL SECURITY;
ALTER TABLE cycles FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON cycles TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON cycles TO ${migrate_role} USING (true);
ALTER TABLE objectives ENABLE ROW LEVEL SECURITY;
ALTER TABLE objectives FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON objectives TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON objectives TO ${migrate_role} USING (true);
ALTER TABLE key_results ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_results FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON key_results TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON key_results TO ${migrate_role} USING (true);
ALTER TABLE score_summaries ENABLE ROW LEVEL SECURITY;
ALTER TABLE score_summaries FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON score_summaries TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON score_summaries TO ${migrate_role} USING (true);
ALTER TABLE alignment_locks ENABLE ROW LEVEL SECURITY;
ALTER TABLE alignment_locks FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON alignment_locks TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON alignment_locks TO ${migrate_role} USING (true);

-- Nothing is ever removed: what is deleted keeps its row and its delete time.
GRANT SELECT, INSERT, UPDATE ON organizations, people, teams, cycles,
  objectives, key_results, score_summaries, alignment_locks
  TO ${runtime_role};
