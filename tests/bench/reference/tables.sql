-- Tables for pgbench: of the same shape, contents, row-level security and storage as those that CreateCheckIn writes,
-- in a schema of their own. What is only read is read where it stands.
CREATE SCHEMA bench;
CREATE TABLE bench.check_ins (LIKE okr_checkins.check_ins INCLUDING ALL);
CREATE TABLE bench.due_states (LIKE okr_checkins.due_states INCLUDING ALL) WITH (fillfactor = 70);
CREATE TABLE bench.requests (LIKE okr_checkins.requests INCLUDING ALL);
CREATE TABLE bench.log_heads (LIKE okr_checkins.log_heads INCLUDING ALL) WITH (fillfactor = 50);
CREATE TABLE bench.event_log (LIKE okr_checkins.event_log INCLUDING ALL) PARTITION BY RANGE (position);
CREATE TABLE bench.event_log_0 PARTITION OF bench.event_log FOR VALUES FROM (0) TO (10000000);
CREATE TABLE bench.event_log_1 PARTITION OF bench.event_log FOR VALUES FROM (10000000) TO (20000000);

INSERT INTO bench.check_ins SELECT * FROM okr_checkins.check_ins;
INSERT INTO bench.due_states SELECT * FROM okr_checkins.due_states;
INSERT INTO bench.log_heads SELECT * FROM okr_checkins.log_heads;

DO $$
DECLARE
  written text;
BEGIN
  FOREACH written IN ARRAY ARRAY['check_ins', 'due_states', 'requests', 'event_log'] LOOP
    EXECUTE format('ALTER TABLE bench.%I ENABLE ROW LEVEL SECURITY', written);
    EXECUTE format('ALTER TABLE bench.%I FORCE ROW LEVEL SECURITY', written);
    EXECUTE format('CREATE POLICY of_organization ON bench.%I TO okr_checkins_runtime '
                   'USING (organization_id = current_setting(''okr.organization'', true))', written);
  END LOOP;
END $$;
GRANT USAGE ON SCHEMA bench TO okr_checkins_runtime;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA bench TO okr_checkins_runtime;
