#include "tests/contract/client.h"

#include <cstdlib>
#include <iostream>
#include <memory>

#include "absl/strings/str_replace.h"

namespace okr::contract {

testing::Suite& GoalsSuite() {
  // Destroyed at exit, so that its processes and files go away.
  static const std::unique_ptr<testing::Suite> suite = [] {
    auto started = testing::Suite::Start({.services = {"goals"}});
    if (!started.ok()) {
      std::cerr << "goals cannot be started: " << started.status() << "\n";
      std::exit(1);
    }
    return *std::move(started);
  }();
  return *suite;
}

void ParseText(absl::string_view text, absl::string_view organization,
               google::protobuf::Message& message) {
  const std::string filled = absl::StrReplaceAll(text, {{"$O", organization}});
  if (google::protobuf::TextFormat::ParseFromString(filled, &message)) return;
  std::cerr << "the test wrote a wrong " << message.GetTypeName() << ": " << filled << "\n";
  std::abort();
}

}  // namespace okr::contract
