// The resource names of the suite, as strong types.
//
// Each has the members of ResourceName: Parse, FromRelative, ToString, relative, id,
// organization_id; comparison, hash and output. Parse refuses with INVALID_FIELDS. Constructors
// from a parent take an id that must be valid (CheckResourceId, or a UUID's text).
#pragma once

#include <string>

#include "common/names/resource_name.h"

namespace okr {

class OrganizationName : public ResourceName<OrganizationName> {
 public:
  static constexpr absl::string_view kPattern = "organizations/{organization}";
  OrganizationName() = default;
  // `id` must be valid.
  explicit OrganizationName(absl::string_view id);
  OrganizationName organization() const { return *this; }
};

class PersonName : public ResourceName<PersonName> {
 public:
  static constexpr absl::string_view kPattern = "organizations/{organization}/people/{person}";
  PersonName() = default;
  PersonName(const OrganizationName& parent, absl::string_view id);
  OrganizationName organization() const;
};

class TeamName : public ResourceName<TeamName> {
 public:
  static constexpr absl::string_view kPattern = "organizations/{organization}/teams/{team}";
  TeamName() = default;
  TeamName(const OrganizationName& parent, absl::string_view id);
  OrganizationName organization() const;
};

class CycleName : public ResourceName<CycleName> {
 public:
  static constexpr absl::string_view kPattern = "organizations/{organization}/cycles/{cycle}";
  CycleName() = default;
  CycleName(const OrganizationName& parent, absl::string_view id);
  OrganizationName organization() const;
};

class ObjectiveName : public ResourceName<ObjectiveName> {
 public:
  static constexpr absl::string_view kPattern =
      "organizations/{organization}/objectives/{objective}";
  ObjectiveName() = default;
  ObjectiveName(const OrganizationName& parent, absl::string_view id);
  OrganizationName organization() const;
};

class KeyResultName : public ResourceName<KeyResultName> {
 public:
  static constexpr absl::string_view kPattern =
      "organizations/{organization}/objectives/{objective}/keyResults/{key_result}";
  KeyResultName() = default;
  KeyResultName(const ObjectiveName& parent, absl::string_view id);
  OrganizationName organization() const;
  ObjectiveName objective() const;
};

class CheckInName : public ResourceName<CheckInName> {
 public:
  static constexpr absl::string_view kPattern =
      "organizations/{organization}/objectives/{objective}/keyResults/{key_result}/checkIns/"
      "{check_in}";
  CheckInName() = default;
  CheckInName(const KeyResultName& parent, absl::string_view id);
  OrganizationName organization() const;
  ObjectiveName objective() const;
  KeyResultName key_result() const;
};

class NotificationName : public ResourceName<NotificationName> {
 public:
  static constexpr absl::string_view kPattern =
      "organizations/{organization}/people/{person}/notifications/{notification}";
  NotificationName() = default;
  NotificationName(const PersonName& parent, absl::string_view id);
  OrganizationName organization() const;
  PersonName person() const;
};

}  // namespace okr
