-- $1 organization, then arrays, sorted by request id. A unique violation says that another replica was first; the batch
-- is then run again and finds its answer.
INSERT INTO requests (organization_id, request_id, method, digest, response)
SELECT $1, new.* FROM unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[]) AS new
