#include "common/rpc/invalid_utf8.h"

#include <cstdint>
#include <map>

#include "absl/strings/str_cat.h"
#include "common/rpc/utf8.h"

namespace okr::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr size_t kMaxPaths = 100;
constexpr int kMaxDepth = 100;  // That of protobuf's own parser.

enum WireType : uint8_t { kVarint, kFixed64, kLengthDelimited, kStartGroup, kEndGroup, kFixed32 };

// Takes fields off the front of a message. Each member gives false if there is no such thing.
class WireReader {
 public:
  explicit WireReader(absl::string_view wire) : rest_(wire) {}

  bool empty() const { return rest_.empty(); }

  bool Varint(uint64_t* value) {
    *value = 0;
    for (int shift = 0; shift < 70 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      if (shift < 64) *value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }

  bool Bytes(uint64_t size, absl::string_view* bytes) {
    if (size > rest_.size()) return false;
    *bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  bool LengthDelimited(absl::string_view* bytes) {
    uint64_t size = 0;
    return Varint(&size) && Bytes(size, bytes);
  }

  // The value of a field that holds no text. Groups, which proto3 does not have, are not read.
  bool Skip(WireType type) {
    uint64_t number = 0;
    absl::string_view bytes;
    switch (type) {
      case kVarint:
        return Varint(&number);
      case kFixed64:
        return Bytes(8, &bytes);
      case kFixed32:
        return Bytes(4, &bytes);
      case kLengthDelimited:
        return LengthDelimited(&bytes);
      case kStartGroup:
      case kEndGroup:
        return false;
    }
    return false;
  }

 private:
  absl::string_view rest_;
};

class Finder {
 public:
  std::vector<std::string> TakePaths() { return std::move(paths_); }

  // False if the message is malformed.
  bool Visit(absl::string_view wire, const Descriptor& descriptor, const std::string& prefix,
             int depth) {
    if (depth > kMaxDepth) return false;
    WireReader reader(wire);
    std::map<int, int> next_index;  // Of repeated fields, by number.
    while (!reader.empty()) {
      uint64_t tag = 0;
      if (paths_.size() >= kMaxPaths || !reader.Varint(&tag)) return false;
      const auto type = static_cast<WireType>(tag & 7);
      const FieldDescriptor* field = descriptor.FindFieldByNumber(static_cast<int>(tag >> 3));
      if (type != kLengthDelimited || field == nullptr || !CanHoldText(*field)) {
        if (!reader.Skip(type)) return false;
        continue;
      }
      absl::string_view value;
      if (!reader.LengthDelimited(&value)) return false;
      std::string path = absl::StrCat(prefix, field->name());
      if (field->is_repeated()) absl::StrAppend(&path, "[", next_index[field->number()]++, "]");
      if (!VisitValue(value, *field, path, depth)) return false;
    }
    return true;
  }

 private:
  static bool CanHoldText(const FieldDescriptor& field) {
    return field.type() == FieldDescriptor::TYPE_STRING ||
           field.type() == FieldDescriptor::TYPE_MESSAGE;
  }

  bool VisitValue(absl::string_view value, const FieldDescriptor& field, const std::string& path,
                  int depth) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE) {
      return Visit(value, *field.message_type(), absl::StrCat(path, "."), depth + 1);
    }
    if (!IsValidUtf8(value)) paths_.push_back(path);
    return true;
  }

  std::vector<std::string> paths_;
};

}  // namespace

std::vector<std::string> FindInvalidUtf8(absl::string_view wire, const Descriptor& descriptor) {
  Finder finder;
  finder.Visit(wire, descriptor, "", 0);
  return finder.TakePaths();
}

}  // namespace okr::rpc
