#include "common/postgres/conninfo.h"

#include <libpq-fe.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/status/macros.h"

namespace okr::postgres {
namespace {

// libpq quotes what it cannot read, which may be a part of the password.
std::string WithoutQuoted(absl::string_view message) {
  const size_t first = message.find('"');
  if (first == absl::string_view::npos) return std::string(message);
  return absl::StrCat(message.substr(0, first), "\"...\"", message.substr(message.rfind('"') + 1));
}

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> ParseConninfo(const std::string& conninfo) {
  char* error = nullptr;
  PQconninfoOption* const parsed = PQconninfoParse(conninfo.c_str(), &error);
  if (parsed == nullptr) {
    absl::Status status = absl::InvalidArgumentError(absl::StrCat(
        "the database's connection string cannot be read: ",
        WithoutQuoted(absl::StripAsciiWhitespace(error == nullptr ? "out of memory" : error))));
    PQfreemem(error);
    return status;
  }
  std::map<std::string, std::string> settings;
  for (const PQconninfoOption* option = parsed; option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings[option->keyword] = option->val;
  }
  PQconninfoFree(parsed);
  return settings;
}

absl::StatusOr<std::string> ChangeConninfo(const std::string& conninfo,
                                           const std::map<std::string, std::string>& changes) {
  OKR_ASSIGN_OR_RETURN(auto settings, ParseConninfo(conninfo));
  for (const auto& [key, value] : changes) settings[key] = value;
  std::string text;
  for (const auto& [key, value] : settings) {
    absl::StrAppend(&text, text.empty() ? "" : " ", key, "='",
                    absl::StrReplaceAll(value, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
  }
  return text;
}

}  // namespace okr::postgres
