-- What people are told. Names are relative: "people/{person}/notifications/{notification}". A body is the serialized
-- public resource; the other columns follow from it and serve lists alone.
CREATE TABLE notifications (
  organization_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  body bytea NOT NULL,
  recipient text COLLATE "C" NOT NULL,    -- relative name of the person
  create_time bigint NOT NULL,            -- microseconds since 1970
  unread text COLLATE "C" NOT NULL,       -- the recipient until it is read, then ''
  PRIMARY KEY (organization_id, name)
) WITH (fillfactor = 85);
-- Latest first.
CREATE INDEX notifications_by_recipient ON notifications (organization_id, recipient, create_time DESC, name DESC);
CREATE INDEX notifications_unread ON notifications (organization_id, unread, create_time DESC, name DESC)
  WHERE unread <> '';

ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
ALTER TABLE notifications FORCE ROW LEVEL SECURITY;
CREATE POLICY of_organization ON notifications TO ${runtime_role}
  USING (organization_id = current_setting('okr.organization', true));
CREATE POLICY of_owner ON notifications TO ${migrate_role} USING (true);

GRANT SELECT, INSERT, UPDATE ON notifications TO ${runtime_role};
