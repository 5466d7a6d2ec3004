-- For the administrator of PostgreSQL: the database's schemas and roles, before the first install.
--
--   createdb okr
--   psql --set=host=postgres.example:5432 --dbname=okr --file=roles.sql
--
-- Needs a superuser, since the migrate roles bypass row-level security. Running it again makes what is missing and gives
-- every login a new password. It prints each login's connection string: put them into the Secrets that docs/kubernetes.md
-- names. The same schemas and roles are made by okr-migrate --create-roles, for development and without passwords.
\set ON_ERROR_STOP on
\set QUIET on
BEGIN;
-- The passwords below shall not stand in the server's log.
SET LOCAL log_statement = 'none';
SET LOCAL log_min_duration_statement = -1;
SET LOCAL log_min_error_statement = 'panic';

CREATE TEMPORARY TABLE okr_services ON COMMIT DROP AS
SELECT unnest(ARRAY['goals', 'checkins', 'scoring', 'notifications']) AS service;

-- Runtime: what the service works with, under row-level security. Relay: reads the whole event log.
-- Migrate: owns the schema; its back-fills must see all rows. Nobody logs in as it.
CREATE TEMPORARY TABLE okr_roles ON COMMIT DROP AS
SELECT service, 'okr_' || service AS schema, 'okr_' || service || '_' || kind AS role, kind
FROM okr_services, unnest(ARRAY['runtime', 'relay', 'migrate']) AS kind;

SELECT format('CREATE ROLE %I %s', role, CASE kind WHEN 'migrate' THEN 'NOLOGIN BYPASSRLS' ELSE 'LOGIN' END)
FROM okr_roles WHERE role NOT IN (SELECT rolname FROM pg_roles)
UNION ALL
SELECT 'CREATE ROLE okr_migrations LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'okr_migrations')
\gexec

-- The search path belongs to the role, since a pooler does not keep that of a session.
SELECT format('ALTER ROLE %I SET search_path = %I', role, schema) FROM okr_roles
UNION ALL
SELECT format('GRANT %I TO okr_migrations', role) FROM okr_roles WHERE kind = 'migrate'
\gexec

SELECT format('CREATE SCHEMA IF NOT EXISTS %1$I AUTHORIZATION %2$I; REVOKE ALL ON SCHEMA %1$I FROM PUBLIC', schema, role)
FROM okr_roles WHERE kind = 'migrate'
\gexec
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', schema, role) FROM okr_roles WHERE kind <> 'migrate'
\gexec

CREATE TEMPORARY TABLE okr_logins ON COMMIT DROP AS
SELECT role, secret, key, replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '') AS password
FROM (
  SELECT role, 'okr-' || service || '-database' AS secret, CASE kind WHEN 'runtime' THEN 'url' ELSE 'relay-url' END AS key
  FROM okr_roles WHERE kind <> 'migrate'
  UNION ALL SELECT 'okr_migrations', 'okr-migrations-database', 'url'
) AS logins;

SELECT format('ALTER ROLE %I PASSWORD %L', role, password) FROM okr_logins
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
UNION ALL
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role) FROM okr_logins
\gexec

\pset footer off
SELECT secret, key, format('postgresql://%s:%s@%s/%s', role, password, :'host', current_database()) AS value
FROM okr_logins ORDER BY secret, key DESC;
COMMIT;
