SELECT 1 FROM score_books WHERE organization_id = $1 AND name = '' FOR NO KEY UPDATE
