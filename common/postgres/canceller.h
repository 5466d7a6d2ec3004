// Asks the server to cancel what a connection runs.
#pragma once

struct pg_conn;

namespace okr::postgres {

// Returns at once. The request goes over a connection of its own, made by one thread of the
// process, since it may hang for as long as the server does. Best effort: requests are dropped
// while too many wait. `connection` may be closed afterwards.
void CancelInBackground(pg_conn* connection);

}  // namespace okr::postgres
