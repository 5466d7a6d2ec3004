// In place of tls.cc where hiredis cannot do it.
#include "common/redis/connection.h"
#include "common/redis/tls.h"

namespace okr::redis {

bool HasTls() { return false; }

absl::StatusOr<ssl_st*> StartTls(redisContext*, const Options&, absl::Time) {
  return absl::UnimplementedError("this build cannot speak TLS to Redis");
}

bool HasBufferedBytes(ssl_st*) { return false; }
bool IsAlive(ssl_st*) { return false; }

}  // namespace okr::redis
