-- What every service has, whatever it is about: its event log, the answers to request ids, and its place in the logs of
-- others. Tables without row-level security are keyed by shard and hold no business data.

-- The head of each shard's log. A write transaction takes its positions here, as its last statements: the order of
-- this lock is the order of commits.
CREATE TABLE log_heads (
  shard integer PRIMARY KEY,
  epoch bigint NOT NULL,
  position bigint NOT NULL
) WITH (fillfactor = 50);

-- The histories of each shard. A position belongs to the last epoch whose first_position is not after it.
CREATE TABLE log_epochs (
  shard integer NOT NULL,
  epoch bigint NOT NULL,
  first_position bigint NOT NULL,
  start_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (shard, epoch)
);

INSERT INTO log_heads (shard, epoch, position)
SELECT shard, extract(epoch FROM now())::bigint, 0 FROM generate_series(0, ${shards} - 1) AS shard;
INSERT INTO log_epochs (shard, epoch, first_position)
SELECT shard, epoch, 1 FROM log_heads;

CREATE TABLE event_log (
  shard integer NOT NULL,
  position bigint NOT NULL,
  epoch bigint NOT NULL,
  event_id uuid NOT NULL,
  organization_id text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,      -- full resource name
  subject_version bigint NOT NULL,
  event_time timestamptz NOT NULL,
  actor text NOT NULL,
  request_id text NOT NULL,
  traceparent text NOT NULL,
  private boolean NOT NULL,               -- shown to services only
  data bytea NOT NULL,                    -- google.protobuf.Any
  PRIMARY KEY (shard, position)
) PARTITION BY RANGE (position);

CREATE TABLE event_log_0 PARTITION OF event_log FOR VALUES FROM (0) TO (10000000);
CREATE TABLE event_log_1 PARTITION OF event_log FOR VALUES FROM (10000000) TO (20000000);

-- Makes the partitions up to one beyond `head`; called by the relay, which owns nothing.
CREATE FUNCTION make_log_partitions(head bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $$
BEGIN
  FOR part IN 0 .. head / 10000000 + 1 LOOP
    IF to_regclass('event_log_' || part) IS NULL THEN
      EXECUTE format('CREATE TABLE event_log_%s PARTITION OF event_log FOR VALUES FROM (%s) TO (%s)',
                     part, part * 10000000, (part + 1) * 10000000);
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION make_log_partitions(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_log_partitions(bigint) TO ${relay_role};

-- The answers that were given under a request id (AIP-155).
CREATE TABLE requests (
  organization_id text COLLATE "C" NOT NULL,
  request_id text COLLATE "C" NOT NULL,
  method text NOT NULL,
  digest bytea NOT NULL,                  -- SHA-256 of the caller, the method and the request
  response bytea NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, request_id)
);
CREATE INDEX requests_by_time ON requests USING brin (create_time);

-- How far this service has read the logs of others.
CREATE TABLE consumer_positions (
  source text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  epoch bigint NOT NULL,
  position bigint NOT NULL,
  update_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, shard)
) WITH (fillfactor = 50);

-- Events that could not be applied, and those of the same subject behind them.
CREATE TABLE parked_events (
  source text COLLATE "C" NOT NULL,
  shard integer NOT NULL,
  position bigint NOT NULL,
  epoch bigint NOT NULL,
  subject text COLLATE "C" NOT NULL,
  event bytea NOT NULL,                   -- okr.events.v1.Event
  error text NOT NULL,
  park_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, shard, position)
);
CREATE INDEX parked_events_by_subject ON parked_events (source, shard, subject, position);

-- The latest state of what other services own, from their events and answers.
CREATE TABLE projection (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,         -- without "organizations/{organization}/"
  version bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  lookup text COLLATE "C" NOT NULL DEFAULT '',  -- another key: the token subject of a person
  cycle text COLLATE "C" NOT NULL DEFAULT '',   -- relative name, of what lies in one
  body bytea NOT NULL,
  PRIMARY KEY (organization_id, name)
);
CREATE INDEX projection_by_lookup ON projection (organization_id, lookup) WHERE lookup <> '';
CREATE INDEX projection_by_cycle ON projection (organization_id, cycle, name) WHERE cycle <> '';

ALTER TABLE event_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_log FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON event_log TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_all ON event_log FOR SELECT TO ${relay_role} USING (true);
CREATE POLICY of_owner ON event_log TO ${migrate_role} USING (true);
ALTER TABLE requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE requests FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON requests TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON requests TO ${migrate_role} USING (true);
ALTER TABLE projection ENABLE ROW LEVEL SECURITY;
ALTER TABLE projection FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON projection TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON projection TO ${migrate_role} USING (true);

GRANT SELECT, UPDATE ON log_heads TO ${runtime_role};
GRANT SELECT ON log_epochs TO ${runtime_role};
GRANT SELECT, INSERT ON event_log TO ${runtime_role};
GRANT SELECT, INSERT ON requests TO ${runtime_role};
GRANT SELECT, INSERT, UPDATE ON consumer_positions TO ${runtime_role};
GRANT SELECT, INSERT, UPDATE, DELETE ON parked_events TO ${runtime_role};
GRANT SELECT, INSERT, UPDATE ON projection TO ${runtime_role};
GRANT SELECT ON log_heads, log_epochs, event_log TO ${relay_role};

-- Forgets the answers to old request ids.
CREATE FUNCTION forget_requests(before timestamptz) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = ${schema}, pg_temp AS $$
  WITH gone AS (DELETE FROM requests WHERE create_time < before RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION forget_requests(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_requests(timestamptz) TO ${relay_role};
