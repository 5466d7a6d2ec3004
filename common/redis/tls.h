// TLS to Redis. Only where hiredis was built with it, which CMake finds out (OKR_REDIS_TLS).
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"

struct redisContext;
struct ssl_st;

namespace okr::redis {

struct Options;

// Whether this build has it.
bool HasTls();

// Shakes hands over a connection that is there and does not block, verifies the server's
// certificate and name, and gives the session, which the connection owns. The message of an error
// says what is wrong.
absl::StatusOr<ssl_st*> StartTls(redisContext* context, const Options& options,
                                 absl::Time deadline);

// Whether bytes wait in the session that the socket does not tell of.
bool HasBufferedBytes(ssl_st* session);
// Whether the other side still holds the session; to be asked while no reply is due. Does not wait.
bool IsAlive(ssl_st* session);

}  // namespace okr::redis
