// What Redis answered: a tree of values.
#pragma once

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

struct redisReply;

namespace okr::redis {

// Cheap to copy; each part keeps the whole answer alive. Immutable, hence safe between threads.
class Reply {
 public:
  enum class Type { kNil, kStatus, kString, kInteger, kArray, kError };

  // Takes ownership.
  explicit Reply(redisReply* reply);

  Type type() const;
  bool is_nil() const { return type() == Type::kNil; }
  // Of a string, status or error; "" for other types. Lives as long as any part of the answer.
  absl::string_view text() const;
  // Of an integer; 0 for other types.
  int64_t integer() const;
  // Number of elements of an array; 0 for other types.
  size_t size() const;
  // Element of an array; `index` must be below size().
  Reply operator[](size_t index) const;

  // The error that an error reply stands for (see error.h); OK for other types.
  absl::Status ToStatus() const;

 private:
  explicit Reply(std::shared_ptr<const redisReply> node) : node_(std::move(node)) {}
  std::shared_ptr<const redisReply> node_;
};

}  // namespace okr::redis
