#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

// An organization that is not there yet, with the people who may try to make it.
class Fresh {
 public:
  std::unique_ptr<Client> Founder(auth::Role role = auth::Role::kAdmin) const {
    return std::make_unique<Client>(
        suite_, "organizations/" + id_,
        suite_.Token({.organization = id_, .subject = "founder", .role = role}));
  }
  // Asks the founder to make it; `fields` beside its id.
  auto Create(absl::string_view fields, auth::Role role = auth::Role::kAdmin) const {
    return Founder(role)->Call<directory::CreateOrganizationRequest>(
        absl::StrCat("organization_id: '", id_, "' ", fields));
  }
  std::string name() const { return "organizations/" + id_; }

 private:
  static std::string NewId() {
    static int made = 0;
    return absl::StrCat("fresh-", ++made);
  }

  testing::Suite& suite_ = GoalsSuite();
  const std::string id_ = NewId();
};

constexpr char kFresh[] =
    "organization { display_name: 'Fresh' } administrator { display_name: 'Fay' } ";

TEST(CreateOrganization, MakesItWithTheCallerAsItsFirstPerson) {
  const Fresh fresh;
  ASSERT_OK_AND_ASSIGN(const directory::Organization made, fresh.Create(kFresh));
  EXPECT_EQ(made.name(), fresh.name());
  EXPECT_EQ(made.display_name(), "Fresh");
  EXPECT_EQ(made.time_zone(), "UTC");
  EXPECT_EQ(made.default_roll_up(), goals::ROLL_UP_OWN_KEY_RESULTS);
  EXPECT_TRUE(made.has_create_time());
  EXPECT_FALSE(made.etag().empty());
  ASSERT_OK_AND_ASSIGN(
      const directory::Person first,
      fresh.Founder()->Call<directory::GetPersonRequest>("name: '$O/people/admin'"));
  EXPECT_EQ(first.subject(), "founder");
  EXPECT_EQ(first.state(), directory::PERSON_STATE_ACTIVE);
}

TEST(CreateOrganization, TakesTheIdOfTheAdministrator) {
  const Fresh fresh;
  ASSERT_OK(fresh.Create(absl::StrCat(kFresh, "administrator_id: 'fay'")));
  ASSERT_OK_AND_ASSIGN(const directory::Person me,
                       fresh.Founder()->Call<directory::GetPersonRequest>("name: '$O/people/me'"));
  EXPECT_EQ(me.name(), fresh.name() + "/people/fay");
}

TEST(CreateOrganization, RefusesOthersThanAdministrators) {
  const Fresh fresh;
  for (const auth::Role role : {auth::Role::kMember, auth::Role::kViewer, auth::Role::kService}) {
    EXPECT_THAT(fresh.Create(kFresh, role), IsRefused("PERMISSION_DENIED"));
  }
  EXPECT_OK(fresh.Create(kFresh));
}

TEST(CreateOrganization, RefusesAnotherIdThanTheTokens) {
  EXPECT_THAT(Fresh().Founder()->Call<directory::CreateOrganizationRequest>(
                  absl::StrCat("organization_id: 'other' ", kFresh)),
              IsRefused("WRONG_ORGANIZATION"));
}

TEST(CreateOrganization, RefusesTheSecondOne) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::CreateOrganizationRequest>(
                  absl::StrCat("organization_id: '", company.id(), "' organization {",
                               " display_name: 'Again' } administrator { display_name: 'Fay' }")),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreateOrganization, RepeatedRequestIdGivesTheFirstAnswer) {
  const Fresh fresh;
  const std::string request = absl::StrCat(kFresh, "request_id: 'one'");
  ASSERT_OK_AND_ASSIGN(const auto first, fresh.Create(request));
  ASSERT_OK_AND_ASSIGN(const auto second, fresh.Create(request));
  EXPECT_EQ(second.DebugString(), first.DebugString());
  EXPECT_THAT(fresh.Create(absl::StrCat(request, " administrator_id: 'fay'")),
              IsRefused("REQUEST_ID_REUSED"));
}

TEST(CreateOrganization, NamesAllWrongFieldsAtOnce) {
  EXPECT_THAT(
      WrongFields(Fresh().Create(
          "organization { time_zone: 'Mars/Base' default_roll_up: 99 }"
          " administrator { subject: 'other' email: 'nonsense' } administrator_id: 'Not An Id'")),
      ElementsAre("administrator.display_name", "administrator.email", "administrator.subject",
                  "administrator_id", "organization.default_roll_up", "organization.display_name",
                  "organization.time_zone"));
}

TEST(Organization, IsNotFoundBeforeItIsCreated) {
  const auto founder = Fresh().Founder();
  EXPECT_THAT(founder->Call<directory::GetOrganizationRequest>("name: '$O'"),
              IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_THAT(founder->Call<directory::CreatePersonRequest>(
                  "parent: '$O' person { display_name: 'X' subject: 'x' }"),
              IsRefused("RESOURCE_NOT_FOUND"));
}

TEST(UpdateOrganization, ChangesWhatIsSet) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const directory::Organization changed,
                       company.admin().Call<directory::UpdateOrganizationRequest>(
                           "organization { name: '$O' time_zone: 'Europe/Berlin'"
                           " default_roll_up: ROLL_UP_INCLUDE_ALIGNED }"));
  EXPECT_EQ(changed.display_name(), "Acme");
  EXPECT_EQ(changed.time_zone(), "Europe/Berlin");
  EXPECT_EQ(changed.default_roll_up(), goals::ROLL_UP_INCLUDE_ALIGNED);
  ASSERT_OK_AND_ASSIGN(const auto read,
                       company.vic().Call<directory::GetOrganizationRequest>("name: '$O'"));
  EXPECT_EQ(read.DebugString(), changed.DebugString());
}

TEST(UpdateOrganization, RefusesWrongMasks) {
  Company company;
  for (const char* path : {"nonsense", "create_time", "etag.x", "display_name.x", "", "*.x"}) {
    EXPECT_THAT(WrongFields(company.admin().Call<directory::UpdateOrganizationRequest>(
                    absl::StrCat("organization { name: '$O' display_name: 'New' }",
                                 " update_mask { paths: '", path, "' }"))),
                Contains("update_mask"))
        << path;
  }
}

TEST(CreatePerson, MakesAnActiveOne) {
  Company company;
  ASSERT_OK_AND_ASSIGN(
      const directory::Person made,
      company.admin().Call<directory::CreatePersonRequest>(
          "parent: '$O' person_id: 'zoe' person { display_name: 'Zoë' subject: 'idp|zoe'"
          " email: 'zoe@example.com' time_zone: 'Asia/Tokyo' }"));
  EXPECT_EQ(made.name(), company.name("people/zoe"));
  EXPECT_EQ(made.state(), directory::PERSON_STATE_ACTIVE);
  ASSERT_OK_AND_ASSIGN(const auto read,
                       company.ann().Call<directory::GetPersonRequest>("name: '$O/people/zoe'"));
  EXPECT_EQ(read.DebugString(), made.DebugString());
}

TEST(CreatePerson, MakesAnIdIfNoneIsChosen) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const directory::Person made,
                       company.admin().Call<directory::CreatePersonRequest>(
                           "parent: '$O' person { display_name: 'Zoe' subject: 'zoe' }"));
  const std::string id = made.name().substr(company.name("people/").size());
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(id[14], '7') << id;
}

TEST(CreatePerson, RefusesATakenId) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::CreatePersonRequest>(
                  "parent: '$O' person_id: 'ann' person { display_name: 'A' subject: 'x' }"),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreatePerson, RefusesATakenSubject) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::CreatePersonRequest>(
                  "parent: '$O' person_id: 'x' person { display_name: 'A' subject: 'ann' }"),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(CreatePerson, NobodyIsCalledMe) {
  Company company;
  EXPECT_THAT(WrongFields(company.admin().Call<directory::CreatePersonRequest>(
                  "parent: '$O' person_id: 'me' person { display_name: 'A' subject: 'x' }")),
              ElementsAre("person_id"));
}

TEST(CreatePerson, NamesAllWrongFieldsAtOnce) {
  Company company;
  auto request = company.admin().Parse<directory::CreatePersonRequest>(
      "parent: '$O' person_id: '-x-' person { time_zone: '../etc/passwd' state: 17 }");
  request.mutable_person()->set_display_name(std::string(201, 'x'));
  request.mutable_person()->set_subject(std::string(256, 'x'));
  request.mutable_person()->set_email(std::string(250, 'x') + "@x.yz");
  EXPECT_THAT(WrongFields(company.admin().Send(request)),
              ElementsAre("person.display_name", "person.email", "person.state", "person.subject",
                          "person.time_zone", "person_id"));
}

TEST(GetPerson, MeIsTheCaller) {
  Company company;
  ASSERT_OK_AND_ASSIGN(const auto ann,
                       company.ann().Call<directory::GetPersonRequest>("name: '$O/people/me'"));
  EXPECT_EQ(ann.name(), company.name("people/ann"));
  ASSERT_OK_AND_ASSIGN(const auto vic,
                       company.vic().Call<directory::GetPersonRequest>("name: '$O/people/me'"));
  EXPECT_EQ(vic.name(), company.name("people/vic"));
}

TEST(GetPerson, MeIsUnknownWithoutAPerson) {
  Company company;
  EXPECT_THAT(company.As("stranger").Call<directory::GetPersonRequest>("name: '$O/people/me'"),
              IsRefused("PERSON_UNKNOWN"));
}

TEST(UpdatePerson, ClearsWhatTheMaskNamesAndNothingElse) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' email: 'ann@example.com' time_zone: 'Asia/Tokyo' }"));
  ASSERT_OK_AND_ASSIGN(const auto changed, company.admin().Call<directory::UpdatePersonRequest>(
                                               "person { name: '$O/people/ann' display_name: "
                                               "'ignored' } update_mask { paths: 'email' }"));
  EXPECT_EQ(changed.email(), "");
  EXPECT_EQ(changed.time_zone(), "Asia/Tokyo");
  EXPECT_EQ(changed.display_name(), "ann");
}

TEST(UpdatePerson, StarTakesAllFields) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' email: 'ann@example.com' }"));
  ASSERT_OK_AND_ASSIGN(const auto changed,
                       company.admin().Call<directory::UpdatePersonRequest>(
                           "person { name: '$O/people/ann' display_name: 'Ann' subject: 'ann' }"
                           " update_mask { paths: '*' }"));
  EXPECT_EQ(changed.display_name(), "Ann");
  EXPECT_EQ(changed.email(), "");
  EXPECT_THAT(WrongFields(company.admin().Call<directory::UpdatePersonRequest>(
                  "person { name: '$O/people/ann' } update_mask { paths: '*' }")),
              ElementsAre("person.display_name", "person.subject"));
}

TEST(UpdatePerson, RefusesAnothersSubject) {
  Company company;
  EXPECT_THAT(company.admin().Call<directory::UpdatePersonRequest>(
                  "person { name: '$O/people/ann' subject: 'ben' }"),
              IsRefused("RESOURCE_ALREADY_EXISTS"));
}

TEST(UpdatePerson, MovesThePersonToAnotherSubject) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' subject: 'anna' }"));
  ASSERT_OK_AND_ASSIGN(
      const auto me, company.As("anna").Call<directory::GetPersonRequest>("name: '$O/people/me'"));
  EXPECT_EQ(me.name(), company.name("people/ann"));
  EXPECT_THAT(company.ann().Call<directory::GetPersonRequest>("name: '$O/people/me'"),
              IsRefused("PERSON_UNKNOWN"));
}

TEST(UpdatePerson, ReactivatesAPerson) {
  Company company;
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' state: PERSON_STATE_DEACTIVATED }"));
  ASSERT_THAT(company.ann().Call<directory::GetPersonRequest>("name: '$O/people/me'"),
              IsRefused("PERMISSION_DENIED"));
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' state: PERSON_STATE_ACTIVE }"));
  EXPECT_OK(company.ann().Call<directory::GetPersonRequest>("name: '$O/people/me'"));
}

TEST(UpdatePerson, ANewEtagRefusesTheOldOne) {
  Company company;
  ASSERT_OK_AND_ASSIGN(directory::Person ann,
                       company.admin().Call<directory::GetPersonRequest>("name: '$O/people/ann'"));
  directory::UpdatePersonRequest request;
  *request.mutable_person() = ann;
  request.mutable_person()->set_display_name("First");
  ASSERT_OK_AND_ASSIGN(const auto changed, company.admin().Send(request));
  EXPECT_NE(changed.etag(), ann.etag());
  request.mutable_person()->set_display_name("Second");
  EXPECT_THAT(company.admin().Send(request), IsRefused("ETAG_MISMATCH"));
}

TEST(UpdatePerson, WithoutAChangeKeepsTheEtag) {
  Company company;
  const std::string before = company.Snapshot();
  ASSERT_OK(company.admin().Call<directory::UpdatePersonRequest>(
      "person { name: '$O/people/ann' display_name: 'ann' }"));
  EXPECT_EQ(company.Snapshot(), before);
}

}  // namespace
}  // namespace okr::contract
