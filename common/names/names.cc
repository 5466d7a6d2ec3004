#include "common/names/names.h"

namespace okr {

OrganizationName::OrganizationName(absl::string_view id) : OrganizationName(Make({id})) {}

PersonName::PersonName(const OrganizationName& parent, absl::string_view id)
    : PersonName(Make({parent.id(), id})) {}
OrganizationName PersonName::organization() const { return OrganizationName(organization_id()); }

TeamName::TeamName(const OrganizationName& parent, absl::string_view id)
    : TeamName(Make({parent.id(), id})) {}
OrganizationName TeamName::organization() const { return OrganizationName(organization_id()); }

CycleName::CycleName(const OrganizationName& parent, absl::string_view id)
    : CycleName(Make({parent.id(), id})) {}
OrganizationName CycleName::organization() const { return OrganizationName(organization_id()); }

ObjectiveName::ObjectiveName(const OrganizationName& parent, absl::string_view id)
    : ObjectiveName(Make({parent.id(), id})) {}
OrganizationName ObjectiveName::organization() const { return OrganizationName(organization_id()); }

KeyResultName::KeyResultName(const ObjectiveName& parent, absl::string_view id)
    : KeyResultName(Make({parent.organization_id(), parent.id(), id})) {}
OrganizationName KeyResultName::organization() const { return OrganizationName(organization_id()); }
ObjectiveName KeyResultName::objective() const { return MakeOther<ObjectiveName>(ParentText()); }

CheckInName::CheckInName(const KeyResultName& parent, absl::string_view id)
    : CheckInName(Make({parent.organization_id(), parent.objective().id(), parent.id(), id})) {}
OrganizationName CheckInName::organization() const { return OrganizationName(organization_id()); }
ObjectiveName CheckInName::objective() const { return key_result().objective(); }
KeyResultName CheckInName::key_result() const { return MakeOther<KeyResultName>(ParentText()); }

NotificationName::NotificationName(const PersonName& parent, absl::string_view id)
    : NotificationName(Make({parent.organization_id(), parent.id(), id})) {}
OrganizationName NotificationName::organization() const {
  return OrganizationName(organization_id());
}
PersonName NotificationName::person() const { return MakeOther<PersonName>(ParentText()); }

}  // namespace okr
