-- A table as services have them, for the tests of the store.
CREATE TABLE notes (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  color text COLLATE "C" NOT NULL CHECK (color <> 'poison'),
  PRIMARY KEY (organization_id, name)
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON notes TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON notes TO ${migrate_role} USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON notes TO ${runtime_role};

-- Ends the session that writes a note of the color 'fatal', the first time only; sequences are not rolled back.
CREATE SEQUENCE fatal_writes;
GRANT USAGE ON SEQUENCE fatal_writes TO ${runtime_role};
CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('fatal_writes') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
  RETURN NULL;
END $$;
-- Deferred: it runs while COMMIT does, so that the reply to COMMIT is lost.
CREATE CONSTRAINT TRIGGER fatal AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.color = 'fatal') EXECUTE FUNCTION end_session();
