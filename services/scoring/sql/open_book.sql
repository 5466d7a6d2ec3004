INSERT INTO score_books (organization_id, name, version, body) VALUES ($1, '', 1, '') ON CONFLICT DO NOTHING
