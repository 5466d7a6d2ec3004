-- $1 organization, then arrays: names, each once, versions, bodies. A row that is not newer changes nothing.
INSERT INTO score_summaries AS old (organization_id, name, version, body)
SELECT $1, new.* FROM unnest($2::text[], $3::bigint[], $4::bytea[]) AS new(name, version, body) ORDER BY new.name
ON CONFLICT (organization_id, name) DO UPDATE SET version = excluded.version, body = excluded.body
WHERE excluded.version > old.version
