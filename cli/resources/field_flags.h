// Command line flags for the fields of a message.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/app/command.h"
#include "google/protobuf/descriptor.h"
#include "yaml-cpp/yaml.h"

namespace okr::cli {

// One flag for each field that a caller may set: "title" is --title, "metric.target" is
// --metric-target. Lists take their flag several times; items that are messages are YAML, e.g.
// --members '{person: ada, role: LEAD}'.
class FieldFlags {
 public:
  // Adds them to `command`, but for the fields in `left_out`. Must outlive it.
  void AddTo(Command command, const google::protobuf::Descriptor& type,
             const std::set<std::string>& left_out);

  // What was given, over what stands in `base` (a mapping, or undefined).
  YAML::Node Over(const YAML::Node& base) const;

 private:
  struct Flag {
    std::string path;
    bool is_list = false;
    bool is_message = false;
    std::vector<std::string> values;
  };

  void AddFields(Command command, const google::protobuf::Descriptor& type,
                 const std::string& prefix, const std::set<std::string>& left_out);
  void AddFlag(Command command, const google::protobuf::FieldDescriptor& field,
               const std::string& path, bool is_list);

  std::vector<std::unique_ptr<Flag>> flags_;
};

}  // namespace okr::cli
