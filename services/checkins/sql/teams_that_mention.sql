-- $1 organization, $2 full name of a person: the teams that may have this member; the caller looks closer.
SELECT body
FROM projection
WHERE organization_id = $1 AND name > 'teams/' AND name < 'teams0' AND NOT deleted AND position($2::bytea IN body) > 0
