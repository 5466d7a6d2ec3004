// What holds of every RPC of the directory and of goals.
#include "tests/contract/every_rpc.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace okr::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::UnorderedElementsAreArray;

const FieldDescriptor* Field(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

void SetText(Message& message, const std::string& field, const std::string& value) {
  message.GetReflection()->SetString(&message, Field(message, field), value);
}

// The resource that a request carries, e.g. of an Update; null if it has none.
Message* ResourceOf(Message& request) {
  const FieldDescriptor* resource = nullptr;
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = request.GetDescriptor()->field(i);
    const auto* message = field->message_type();
    if (message != nullptr && message->FindFieldByName("etag") != nullptr) resource = field;
  }
  return resource == nullptr ? nullptr
                             : request.GetReflection()->MutableMessage(&request, resource);
}

bool IsUpdate(const Rpc& rpc) { return rpc.name.starts_with("Update"); }

// What has the name that is asked for, and the field in which it stands.
struct Addressed {
  Message* message;
  std::string field;
  std::string path;
};
Addressed AddressOf(const Rpc& rpc, Message& request) {
  if (Field(request, "name") != nullptr) return {&request, "name", "name"};
  if (!IsUpdate(rpc)) return {&request, "parent", "parent"};
  Message* resource = ResourceOf(request);
  for (int i = 0; i < request.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = request.GetDescriptor()->field(i);
    if (field->message_type() == resource->GetDescriptor()) {
      return {resource, "name", field->name() + ".name"};
    }
  }
  return {resource, "name", "name"};
}

// Changes the body of a write, so that it is another one.
void MakeAnother(Message& request) {
  Message* resource = ResourceOf(request);
  if (resource == nullptr) return SetText(request, "etag", "\"another\"");
  SetText(*resource, Field(*resource, "title") != nullptr ? "title" : "display_name", "Another");
}

std::vector<Rpc> Writes() {
  std::vector<Rpc> writes;
  for (const Rpc& rpc : EveryRpc()) {
    if (rpc.writes) writes.push_back(rpc);
  }
  return writes;
}

std::string NameOf(const ::testing::TestParamInfo<Rpc>& info) { return info.param.name; }

TEST(EveryRpc, IsTestedHere) {
  std::vector<std::string> tested = {"CreateOrganization"};
  for (const Rpc& rpc : EveryRpc()) tested.push_back(rpc.name);
  EXPECT_THAT(tested, UnorderedElementsAreArray(NamesOfAllRpcs()));
}

// Tests of refusals share a company: none of them changes it.
class Refusals : public ::testing::TestWithParam<Rpc> {
 protected:
  static Company& Shared() {
    static Company& company = *[] {
      auto* made = new Company;
      SetScene(*made);
      return made;
    }();
    return company;
  }
  void TearDown() override { EXPECT_EQ(company_.Snapshot(), before_); }

  absl::Status Call(Client& client, const Message& request) const {
    return GetParam().Call(client, request).status();
  }

  Company& company_ = Shared();
  const std::string before_ = company_.Snapshot();
  const AnyMessage request_ = GetParam().Request(company_);
};

TEST_P(Refusals, AnotherOrganizationsToken) {
  static Company& other = *new Company;
  EXPECT_THAT(Call(other.admin(), *request_), IsRefused("WRONG_ORGANIZATION"));
}

TEST_P(Refusals, AnotherOrganizationsNamesTellNothing) {
  static Company& other = *new Company;
  const absl::Status real = Call(other.admin(), *request_);
  const AnyMessage invented(request_->New());
  ParseText(GetParam().text, "organizations/there-is-no-such", *invented);
  EXPECT_EQ(DetailsOf(real), DetailsOf(Call(other.admin(), *invented)));
}

TEST_P(Refusals, EmptyRequest) {
  const AnyMessage empty(request_->New());
  EXPECT_THAT(Call(company_.admin(), *empty), IsRefused("INVALID_FIELDS"));
}

TEST_P(Refusals, WronglyFormedName) {
  const Addressed address = AddressOf(GetParam(), *request_);
  for (const std::string& wrong :
       {std::string("nonsense"), company_.name("widgets/x"), company_.name() + "/",
        company_.name("objectives/a/keyResults/k/checkIns/c/d/e/f"), company_.name("people/UPPER"),
        company_.name("../" + company_.id()), company_.name("people/") + std::string(200'000, 'x'),
        company_.name("people/%00")}) {
    SetText(*address.message, address.field, wrong);
    EXPECT_THAT(WrongFields(Call(company_.admin(), *request_)), Contains(address.path))
        << wrong.substr(0, 100);
  }
}

TEST_P(Refusals, UnknownName) {
  const Addressed address = AddressOf(GetParam(), *request_);
  const std::string name = address.message->GetReflection()->GetString(
      *address.message, Field(*address.message, address.field));
  if (name == company_.name()) return;  // An organization is there if its token is.
  SetText(*address.message, address.field, name + "-missing");
  const absl::Status refused = Call(company_.admin(), *request_);
  EXPECT_THAT(refused, IsRefused("RESOURCE_NOT_FOUND"));
  EXPECT_EQ(DetailsOf(refused).metadata["name"], name + "-missing");
}

INSTANTIATE_TEST_SUITE_P(Of, Refusals, ::testing::ValuesIn(EveryRpc()), NameOf);

class RefusedWrites : public Refusals {};

TEST_P(RefusedWrites, ByViewer) {
  EXPECT_THAT(Call(company_.vic(), *request_), IsRefused("PERMISSION_DENIED"));
}

TEST_P(RefusedWrites, ByMemberWhoDoesNotOwnIt) {
  EXPECT_THAT(Call(company_.ben(), *request_), IsRefused("PERMISSION_DENIED"));
}

TEST_P(RefusedWrites, ByMemberWhoIsNoPerson) {
  EXPECT_THAT(Call(company_.As("stranger"), *request_), IsRefused("PERSON_UNKNOWN"));
}

TEST_P(RefusedWrites, WithOverlongRequestId) {
  SetText(*request_, "request_id", std::string(65, 'x'));
  EXPECT_THAT(WrongFields(Call(company_.admin(), *request_)), Contains("request_id"));
}

TEST_P(RefusedWrites, WithStaleEtag) {
  const bool creates = GetParam().name.starts_with("Create");
  if (creates) return;  // There is nothing that could have changed.
  Message* holder = IsUpdate(GetParam()) ? ResourceOf(*request_) : request_.get();
  SetText(*holder, "etag", "\"stale\"");
  EXPECT_THAT(Call(company_.admin(), *request_), IsRefused("ETAG_MISMATCH"));
}

INSTANTIATE_TEST_SUITE_P(Of, RefusedWrites, ::testing::ValuesIn(Writes()), NameOf);

class Writing : public ::testing::TestWithParam<Rpc> {
 protected:
  Writing() { SetScene(company_); }

  Company company_;
  const AnyMessage request_ = GetParam().Request(company_);
};

TEST_P(Writing, RepeatedRequestIdHappensOnce) {
  SetText(*request_, "request_id", "one");
  ASSERT_OK_AND_ASSIGN(const AnyMessage first, GetParam().Call(company_.admin(), *request_));
  const std::string after = company_.Snapshot();
  ASSERT_OK_AND_ASSIGN(const AnyMessage second, GetParam().Call(company_.admin(), *request_));
  EXPECT_EQ(second->DebugString(), first->DebugString());
  EXPECT_EQ(company_.Snapshot(), after);
}

TEST_P(Writing, RequestIdWithAnotherBodyIsRefused) {
  SetText(*request_, "request_id", "one");
  ASSERT_OK(GetParam().Call(company_.admin(), *request_));
  const std::string after = company_.Snapshot();
  MakeAnother(*request_);
  EXPECT_THAT(GetParam().Call(company_.admin(), *request_), IsRefused("REQUEST_ID_REUSED"));
  EXPECT_EQ(company_.Snapshot(), after);
}

TEST_P(Writing, RefusedRequestIdMayBeUsedAgain) {
  SetText(*request_, "request_id", "one");
  ASSERT_THAT(GetParam().Call(company_.vic(), *request_), IsRefused("PERMISSION_DENIED"));
  EXPECT_OK(GetParam().Call(company_.admin(), *request_));
}

TEST_P(Writing, ValidateOnlyChangesNothing) {
  const FieldDescriptor* validate_only = Field(*request_, "validate_only");
  if (validate_only == nullptr) return;  // The contract of this RPC has none.
  request_->GetReflection()->SetBool(request_.get(), validate_only, true);
  const std::string before = company_.Snapshot();
  ASSERT_OK_AND_ASSIGN(const AnyMessage preview, GetParam().Call(company_.admin(), *request_));
  EXPECT_EQ(company_.Snapshot(), before);
  EXPECT_NE(preview->ByteSizeLong(), 0U);
  request_->GetReflection()->SetBool(request_.get(), validate_only, false);
  EXPECT_OK(GetParam().Call(company_.admin(), *request_));
}

TEST_P(Writing, LeavesEventsOfTheCaller) {
  ASSERT_OK_AND_ASSIGN(const events::Position before, company_.admin().Call<events::GetHeadRequest>(
                                                          "filter { organization: '$O' }"));
  ASSERT_OK(GetParam().Call(company_.admin(), *request_));
  auto request = company_.admin().Parse<events::ListEventsRequest>("filter { organization: '$O' }");
  *request.mutable_after() = before;
  ASSERT_OK_AND_ASSIGN(const events::ListEventsResponse list, company_.admin().Send(request));
  ASSERT_GT(list.events_size(), 0);
  for (const events::Event& event : list.events()) {
    EXPECT_EQ(event.organization(), company_.name());
    EXPECT_EQ(event.actor(), company_.name("people/admin"));
    EXPECT_TRUE(event.has_data()) << event.type();
  }
}

INSTANTIATE_TEST_SUITE_P(Of, Writing, ::testing::ValuesIn(Writes()), NameOf);

class Deactivated : public ::testing::TestWithParam<Rpc> {
 protected:
  static Company& Shared() {
    static Company& company = *[] {
      auto* made = new Company;
      SetScene(*made);
      EXPECT_OK(made->admin().Call<directory::UpdatePersonRequest>(
          "person { name: '$O/people/ann' state: PERSON_STATE_DEACTIVATED }"));
      return made;
    }();
    return company;
  }
};

TEST_P(Deactivated, MayDoNothing) {
  const AnyMessage request = GetParam().Request(Shared());
  EXPECT_THAT(GetParam().Call(Shared().ann(), *request), IsRefused("PERMISSION_DENIED"));
}

INSTANTIATE_TEST_SUITE_P(Of, Deactivated, ::testing::ValuesIn(EveryRpc()), NameOf);

}  // namespace
}  // namespace okr::contract
