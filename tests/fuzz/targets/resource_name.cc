#include <array>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/ids/uuid.h"
#include "common/names/names.h"
#include "tests/fuzz/check.h"
#include "tests/fuzz/targets.h"

namespace okr::fuzz {
namespace {

constexpr size_t kLongestDescription = 1000;

void CheckRebuilt(const OrganizationName& name) {
  OKR_FUZZ_CHECK(OrganizationName(name.id()) == name, name.ToString());
}
void CheckRebuilt(const PersonName& name) {
  OKR_FUZZ_CHECK(PersonName(name.organization(), name.id()) == name, name.ToString());
}
void CheckRebuilt(const TeamName& name) {
  OKR_FUZZ_CHECK(TeamName(name.organization(), name.id()) == name, name.ToString());
}
void CheckRebuilt(const CycleName& name) {
  OKR_FUZZ_CHECK(CycleName(name.organization(), name.id()) == name, name.ToString());
}
void CheckRebuilt(const ObjectiveName& name) {
  OKR_FUZZ_CHECK(ObjectiveName(name.organization(), name.id()) == name, name.ToString());
}
void CheckRebuilt(const KeyResultName& name) {
  OKR_FUZZ_CHECK(KeyResultName(name.objective(), name.id()) == name, name.ToString());
}
void CheckRebuilt(const CheckInName& name) {
  OKR_FUZZ_CHECK(CheckInName(name.key_result(), name.id()) == name, name.ToString());
  CheckRebuilt(name.key_result());
}
void CheckRebuilt(const NotificationName& name) {
  OKR_FUZZ_CHECK(NotificationName(name.person(), name.id()) == name, name.ToString());
}

template <typename Name>
void CheckAccepted(const Name& name, absl::string_view text) {
  OKR_FUZZ_CHECK(name.ToString() == text, text);
  OKR_FUZZ_CHECK(IsResourceId(name.id()), text);
  OKR_FUZZ_CHECK(IsResourceId(name.organization_id()), text);
  OKR_FUZZ_CHECK(name.organization().id() == name.organization_id(), text);
  const auto again = Name::FromRelative(name.organization_id(), name.relative());
  OKR_FUZZ_CHECK(again.ok() && *again == name, text);
  CheckRebuilt(name);
}

template <typename Name>
void CheckPattern(absl::string_view text, bool is_name) {
  const auto pattern = ParentPattern<Name>::Parse(text, "parent");
  if (!pattern.ok()) {
    CheckNamesFields(pattern.status(), "parent");
    OKR_FUZZ_CHECK(!is_name, text);
    return;
  }
  OKR_FUZZ_CHECK(pattern->ToString() == text, text);
  OKR_FUZZ_CHECK(IsResourceId(pattern->organization_id()), text);
  OKR_FUZZ_CHECK(pattern->has_wildcard() != is_name, text);
  OKR_FUZZ_CHECK(pattern->exact().has_value() == is_name, text);
}

// Whether it is a name of this kind.
template <typename Name>
bool CheckKind(absl::string_view text) {
  const auto name = Name::Parse(text, "some.field");
  const std::string wrong = Name::WhatIsWrongWith(text);
  OKR_FUZZ_CHECK(wrong.empty() == name.ok(), text);
  OKR_FUZZ_CHECK(wrong.size() <= kLongestDescription, wrong);
  CheckPattern<Name>(text, name.ok());
  if (name.ok()) {
    CheckAccepted(*name, text);
  } else {
    CheckNamesFields(name.status(), "some.field");
  }
  return name.ok();
}

void CheckUuid(absl::string_view text) {
  const auto uuid = Uuid::Parse(text);
  if (!uuid.ok()) return;
  OKR_FUZZ_CHECK(uuid->ToString() == absl::AsciiStrToLower(text), text);
  OKR_FUZZ_CHECK(Uuid::FromBytes(uuid->ToBytes()).value() == *uuid, text);
  OKR_FUZZ_CHECK(IsResourceId(uuid->ToString()), text);
}

void CheckId(absl::string_view text) {
  const absl::Status checked = CheckResourceId("id", text);
  OKR_FUZZ_CHECK(checked.ok() == IsResourceId(text), text);
  if (!checked.ok()) return CheckNamesFields(checked, "id");
  OKR_FUZZ_CHECK(text.size() <= 63, text);
  OKR_FUZZ_CHECK(OrganizationName::Parse(absl::StrCat("organizations/", text)).ok(), text);
}

}  // namespace

void ResourceName(absl::string_view input) {
  int kinds = 0;
  for (const bool is_kind : {CheckKind<OrganizationName>(input), CheckKind<PersonName>(input),
                             CheckKind<TeamName>(input), CheckKind<CycleName>(input),
                             CheckKind<ObjectiveName>(input), CheckKind<KeyResultName>(input),
                             CheckKind<CheckInName>(input), CheckKind<NotificationName>(input)}) {
    kinds += is_kind ? 1 : 0;
  }
  OKR_FUZZ_CHECK(kinds <= 1, input);
  CheckId(input);
  CheckUuid(input);
}

}  // namespace okr::fuzz
