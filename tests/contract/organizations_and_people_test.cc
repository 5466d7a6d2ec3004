#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A client of an organization that is not there yet.
std::unique_ptr<Client> Founder(const std::string& id, auth::Role role = auth::Role::kAdmin) {
  testing::Suite& suite = GoalsSuite();
  return std::make_unique<Client>(
      suite, "organizations/" + id,
      suite.Token({.organization = id, .subject = "founder", .role = role}));
}

TEST(CreateOrganization, MakesItWithTheCallerAsItsFirstPerson) {
  const auto founder = Founder("fresh-1");
  ASSERT_OK_AND_ASSIGN(const directory::Organization made,
                       founder->Call<directory::CreateOrganizationRequest>(
                           "organization_id: 'fresh-1' organization { display_name: 'Fresh' }"
                           " administrator { display_name: 'Fay' email: 'fay@example.com' }"));
  EXPECT_EQ(made.name(), "organizations/fresh-1");
  EXPECT_EQ(made.display_name(), "Fresh");
  EXPECT_EQ(made.time_zone(), "UTC");
  EXPECT_EQ(made.default_roll_up(), goals::ROLL_UP_OWN_KEY_RESULTS);
  EXPECT_TRUE(made.has_create_time());
  EXPECT_FALSE(made.etag().empty());
  ASSERT_OK_AND_ASSIGN(const directory::Person first,
                       founder->Call<directory::GetPersonRequest>("name: '$O/people/admin'"));
  EXPECT_EQ(first.subject(), "founder");
  EXPECT_EQ(first.state(), directory::PERSON_STATE_ACTIVE);
}

TEST(CreateOrganization, TakesTheIdOfTheAdministrator) {
  const auto founder = Founder("fresh-2");
  ASSERT_OK(founder->Call<directory::CreateOrganizationRequest>(
      "organization_id: 'fresh-2' organization { display_name: 'Fresh' }"
      " administrator { display_name: 'Fay' subject: 'founder' } administrator_id: 'fay'"));
  ASSERT_OK_AND_ASSIGN(const directory::Person me,
                       founder->Call<directory::GetPersonRequest>("name: '$O/people/me'"));
  EXPECT_EQ(me.name(), "organizations/fresh-2/people/fay");
}

TEST(CreateOrganization, RefusesOthersThanAdministrators) {
  constexpr char kRequest[] =
      "organization_id: 'fresh-3' organization { display_name: 'Fresh' }"
      " administrator { display_name: 'Fay' }";
  for (const auth::Role role : {auth::Role::kMember, auth::Role::kViewer, auth::Role::kService}) {
    EXPECT_THAT(Founder("fresh-3", role)->Call<directory::CreateOrganizationRequest>(kRequest),
                IsRefused("PERMISSION_DENIED"));
  }
  EXPECT_OK(Founder("fresh-3")->Call<directory::CreateOrganizationRequest>(kRequest));
}

TEST(CreateOrganization, RefusesAnotherIdThanTheTokens) {
  EXPECT_THAT(Founder("fresh-4")->Call<directory::CreateOrganizationRequest>(
                  "organization_id: 'other' organization { display_name: 'Fresh' }"
                  " administrator { display_name: 'Fay' }"),
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
  const auto founder = Founder("fresh-5");
  constexpr char kRequest[] =
      "organization_id: 'fresh-5' organization { display_name: 'Fresh' }"
      " administrator { display_name: 'Fay' } request_id: 'one'";
  ASSERT_OK_AND_ASSIGN(const auto first,
                       founder->Call<directory::CreateOrganizationRequest>(kRequest));
  ASSERT_OK_AND_ASSIGN(const auto second,
                       founder->Call<directory::CreateOrganizationRequest>(kRequest));
  EXPECT_EQ(second.DebugString(), first.DebugString());
}

TEST(CreateOrganization, NamesAllWrongFieldsAtOnce) {
  EXPECT_THAT(
      WrongFields(Founder("fresh-6")->Call<directory::CreateOrganizationRequest>(
          "organization_id: 'fresh-6' organization { time_zone: 'Mars/Base' default_roll_up: 99 }"
          " administrator { subject: 'other' email: 'nonsense' } administrator_id: 'Not An Id'")),
      ElementsAre("administrator.display_name", "administrator.email", "administrator.subject",
                  "administrator_id", "organization.default_roll_up", "organization.display_name",
                  "organization.time_zone"));
}

TEST(Organization, IsNotFoundBeforeItIsCreated) {
  const auto founder = Founder("never-made");
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
