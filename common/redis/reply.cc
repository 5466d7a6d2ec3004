#include "common/redis/reply.h"

#include <hiredis/hiredis.h>

#include <cassert>

#include "common/redis/error.h"

namespace okr::redis {

Reply::Reply(redisReply* reply)
    : node_(reply,
            [](const redisReply* owned) { freeReplyObject(const_cast<redisReply*>(owned)); }) {}

Reply::Type Reply::type() const {
  switch (node_->type) {
    case REDIS_REPLY_STATUS:
      return Type::kStatus;
    case REDIS_REPLY_STRING:
      return Type::kString;
    case REDIS_REPLY_INTEGER:
      return Type::kInteger;
    case REDIS_REPLY_ARRAY:
      return Type::kArray;
    case REDIS_REPLY_ERROR:
      return Type::kError;
    default:
      return Type::kNil;
  }
}

absl::string_view Reply::text() const {
  const Type kind = type();
  if (kind != Type::kString && kind != Type::kStatus && kind != Type::kError) return "";
  return {node_->str, node_->len};
}

int64_t Reply::integer() const { return type() == Type::kInteger ? node_->integer : 0; }

size_t Reply::size() const { return type() == Type::kArray ? node_->elements : 0; }

Reply Reply::operator[](size_t index) const {
  assert(index < size());
  return Reply(std::shared_ptr<const redisReply>(node_, node_->element[index]));
}

absl::Status Reply::ToStatus() const {
  return type() == Type::kError ? ErrorReply(text()) : absl::OkStatus();
}

}  // namespace okr::redis
