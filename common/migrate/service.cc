#include "common/migrate/service.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status/macros.h"

namespace okr::migrate {
namespace {

std::string Sha256(absl::string_view text) {
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
             EVP_sha256(), nullptr);
  return absl::BytesToHexString(absl::string_view(digest.data(), size));
}

absl::StatusOr<std::string> Substitute(absl::string_view text, const Names& names, int shards) {
  const std::string shard_count = absl::StrCat(shards);
  const std::map<absl::string_view, absl::string_view> values = {
      {"shards", shard_count},
      {"schema", names.schema},
      {"runtime_role", names.runtime_role},
      {"relay_role", names.relay_role},
      {"migrate_role", names.migrate_role}};
  std::string out;
  while (true) {
    const size_t begin = text.find("${");
    if (begin == absl::string_view::npos) break;
    const size_t end = text.find('}', begin);
    const absl::string_view variable =
        end == absl::string_view::npos ? "" : text.substr(begin + 2, end - begin - 2);
    const auto value = values.find(variable);
    if (value == values.end()) {
      return absl::InvalidArgumentError(absl::StrCat("unknown variable ${", variable, "}"));
    }
    absl::StrAppend(&out, text.substr(0, begin), value->second);
    text.remove_prefix(end + 1);
  }
  absl::StrAppend(&out, text);
  return out;
}

absl::StatusOr<int> CompatibleFrom(absl::string_view text) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::string_view rest = line;
    if (!absl::ConsumePrefix(&rest, "-- compatible-from:")) continue;
    int number = 0;
    if (!absl::SimpleAtoi(absl::StripAsciiWhitespace(rest), &number)) {
      return absl::InvalidArgumentError(absl::StrCat("not a number in the line \"", line, "\""));
    }
    return number;
  }
  return 0;
}

absl::StatusOr<Migration> Parse(const File& file, const Names& names, int shards) {
  const auto& [stem, text] = file;
  constexpr size_t kDigits = 4;
  Migration migration{.checksum = Sha256(text)};
  if (stem.size() < kDigits + 2 || stem[kDigits] != '_' ||
      !absl::SimpleAtoi(stem.substr(0, kDigits), &migration.number)) {
    return absl::InvalidArgumentError("the name is not like 0001_what_it_does.sql");
  }
  migration.name = std::string(stem.substr(kDigits + 1));
  OKR_ASSIGN_OR_RETURN(migration.text, Substitute(text, names, shards));
  OKR_ASSIGN_OR_RETURN(migration.compatible_from, CompatibleFrom(text));
  return migration;
}

}  // namespace

Names NamesOf(absl::string_view service) {
  const std::string schema = absl::StrCat("okr_", service);
  return {.schema = schema,
          .runtime_role = schema + "_runtime",
          .relay_role = schema + "_relay",
          .migrate_role = schema + "_migrate"};
}

absl::StatusOr<Service> MakeService(absl::string_view name, std::span<const File> files,
                                    int shards) {
  // The names stand unquoted in SQL.
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '_';
  });
  if (!plain) return absl::InvalidArgumentError(absl::StrCat("wrong service name \"", name, "\""));
  Service service{.name = std::string(name), .names = NamesOf(name)};
  for (const File& file : files) {
    absl::StatusOr<Migration> migration = Parse(file, service.names, shards);
    if (!migration.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("migration ", file.first, " of ", name, ": ", migration.status().message()));
    }
    service.migrations.push_back(*std::move(migration));
  }
  std::sort(service.migrations.begin(), service.migrations.end(),
            [](const Migration& a, const Migration& b) { return a.number < b.number; });
  for (size_t i = 0; i < service.migrations.size(); ++i) {
    if (service.migrations[i].number != static_cast<int>(i) + 1) {
      return absl::InvalidArgumentError(absl::StrCat("the migrations of ", name,
                                                     " do not count 1, 2, 3, ...: number ", i + 1,
                                                     " is missing or there twice"));
    }
  }
  return service;
}

}  // namespace okr::migrate
