// Fills resources from YAML (and so from JSON, and from flags).
#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "cli/resources/source_error.h"
#include "cli/text/dates.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "yaml-cpp/yaml.h"

namespace okr::cli {

// What is read as the fields say, in the short forms that people write:
//  - enums by their last word in either case ("COMMITTED"), names as ResolveName takes them, dates
//    and times as ParseDay and ParseTime do, durations as ParseSpan does;
//  - a message of one repeated field as a sequence; a message as a scalar, which is its first field
//    ("members: [anna]").
// Keys are the fields' names in snake_case or lowerCamelCase.
class MessageReader {
 public:
  struct Options {
    std::string organization;  // "organizations/x"; names are completed with it.
    Moment moment;
    // Fields that only the service sets: refused, or left out (to write back what was read).
    bool skip_output_only = false;
  };

  // `errors` must outlive the reader.
  MessageReader(Options options, SourceErrors* errors)
      : options_(std::move(options)), errors_(*errors) {}

  // Sets the fields that stand in `node`, a mapping; repeated ones are replaced. Keys in
  // `others` belong to the caller and are left alone. Returns the names of the fields read.
  std::vector<std::string> Read(const YAML::Node& node, const std::set<std::string>& others,
                                google::protobuf::Message* message);

  // One value into the field, as Read does.
  void ReadField(const YAML::Node& node, const google::protobuf::FieldDescriptor& field,
                 google::protobuf::Message* message);

  void Fail(const YAML::Node& node, absl::string_view text);
  const Options& options() const { return options_; }

 private:
  void ReadMessage(const YAML::Node& node, google::protobuf::Message* message);
  void ReadRepeated(const YAML::Node& node, const google::protobuf::FieldDescriptor& field,
                    google::protobuf::Message* message);
  void ReadScalar(const YAML::Node& node, const google::protobuf::FieldDescriptor& field, bool add,
                  google::protobuf::Message* message);
  void ReadText(const YAML::Node& node, const google::protobuf::FieldDescriptor& field, bool add,
                google::protobuf::Message* message);
  void ReadNumber(const YAML::Node& node, const google::protobuf::FieldDescriptor& field, bool add,
                  google::protobuf::Message* message);
  void ReadEnum(const YAML::Node& node, const google::protobuf::FieldDescriptor& field, bool add,
                google::protobuf::Message* message);
  bool ReadWellKnown(const YAML::Node& node, google::protobuf::Message* message);

  const Options options_;
  SourceErrors& errors_;
};

// Whether only the service sets it.
bool IsOutputOnly(const google::protobuf::FieldDescriptor& field);
// The name of the resource itself, which is not written in files.
bool IsIdentifier(const google::protobuf::FieldDescriptor& field);

// "COMMITTED" of COMMITMENT_COMMITTED; "" of the value 0 that is UNSPECIFIED.
std::string ShortEnumName(const google::protobuf::EnumValueDescriptor& value);
// The values that may be written, without UNSPECIFIED.
std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& type);

// The YAML of `text`. A syntax error becomes an error at its place, and the result is not defined.
YAML::Node ParseYaml(const std::string& text, SourceErrors* errors);

}  // namespace okr::cli
