// Values that no friend sends: refused with a reason, and nothing is left behind.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/api/field_behavior.pb.h"
#include "tests/contract/every_rpc.h"

namespace okr::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using ::testing::Contains;
using ::testing::ElementsAre;

bool IsOutputOnly(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY) {
      return true;
    }
  }
  return false;
}

// Calls `visit` with each singular field that clients write and with the message that holds it, on
// all levels of `message`, also where it is not set; of a oneof only where it is.
void VisitFields(
    Message& message, const std::string& prefix,
    const std::function<void(Message&, const FieldDescriptor&, const std::string&)>& visit) {
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    const std::string path = prefix + field.name();
    const bool other_kind = field.real_containing_oneof() != nullptr &&
                            !message.GetReflection()->HasField(message, &field);
    if (field.is_repeated() || IsOutputOnly(field) || other_kind) continue;
    visit(message, field, path);
    if (field.message_type() != nullptr && message.GetReflection()->HasField(message, &field)) {
      VisitFields(*message.GetReflection()->MutableMessage(&message, &field), path + ".", visit);
    }
  }
}

class HostileToRpc : public ::testing::TestWithParam<Rpc> {
 protected:
  HostileToRpc() { SetScene(company_); }

  Company company_;
};

// What may be in a text that is stored, shown and compared in several places.
TEST_P(HostileToRpc, AnyTextInAnyFieldIsNoDefect) {
  using namespace std::string_literals;  // For texts with NUL.
  const std::vector<std::string> texts = {"a\0b"s,
                                          "\0"s,
                                          std::string(3'000'000, 'x'),
                                          "\x01\x1b[31m\x7f",
                                          "\xc2\x85",
                                          "' OR 1=1 -- ",
                                          "%s%n%d",
                                          "../../../etc/passwd",
                                          "\u202Eabc\u200B",
                                          "\xf0\x9f\x92\xa9",
                                          "\\u0000",
                                          "${jndi:x}",
                                          "\r\nset-cookie: x",
                                          "me",
                                          company_.name() + "/people/" + std::string(5'000, 'a')};
  const AnyMessage request = GetParam().Request(company_);
  VisitFields(*request, "",
              [&](Message& holder, const FieldDescriptor& field, const std::string& path) {
                if (field.type() != FieldDescriptor::TYPE_STRING) return;
                const auto& reflection = *holder.GetReflection();
                const std::string usual = reflection.GetString(holder, &field);
                for (const std::string& text : texts) {
                  reflection.SetString(&holder, &field, text);
                  const absl::Status status = GetParam().Call(company_.admin(), *request).status();
                  EXPECT_NE(status.code(), absl::StatusCode::kInternal)
                      << path << ": " << text.substr(0, 50);
                  EXPECT_NE(status.code(), absl::StatusCode::kUnknown)
                      << path << ": " << text.substr(0, 50);
                  EXPECT_NE(status.code(), absl::StatusCode::kUnavailable)
                      << path << ": " << text.substr(0, 50);
                  EXPECT_LT(status.message().size(), 1000U);
                }
                reflection.SetString(&holder, &field, usual);
              });
  EXPECT_OK(GoalsSuite().AwaitHealth("goals", true, absl::Seconds(10)));
}

TEST_P(HostileToRpc, UnknownEnumNumbersAreNamed) {
  const AnyMessage request = GetParam().Request(company_);
  const std::string before = company_.Snapshot();
  VisitFields(
      *request, "", [&](Message& holder, const FieldDescriptor& field, const std::string& path) {
        if (field.type() != FieldDescriptor::TYPE_ENUM) return;
        const auto& reflection = *holder.GetReflection();
        const int usual = reflection.GetEnumValue(holder, &field);
        for (const int wrong : {99, -1, std::numeric_limits<int>::max()}) {
          reflection.SetEnumValue(&holder, &field, wrong);
          EXPECT_THAT(WrongFields(GetParam().Call(company_.admin(), *request)), ElementsAre(path))
              << wrong;
        }
        reflection.SetEnumValue(&holder, &field, usual);
      });
  EXPECT_EQ(company_.Snapshot(), before);
}

TEST_P(HostileToRpc, TenMegabytesAreTooLarge) {
  const AnyMessage request = GetParam().Request(company_);
  const std::string before = company_.Snapshot();
  VisitFields(
      *request, "", [&](Message& holder, const FieldDescriptor& field, const std::string& path) {
        if (field.type() != FieldDescriptor::TYPE_STRING) return;
        const auto& reflection = *holder.GetReflection();
        const std::string usual = reflection.GetString(holder, &field);
        if (usual.empty()) return;
        reflection.SetString(&holder, &field, std::string(10 << 20, 'x'));
        EXPECT_THAT(GetParam().Call(company_.admin(), *request), IsRefused("REQUEST_TOO_LARGE"))
            << path;
        reflection.SetString(&holder, &field, usual);
      });
  EXPECT_EQ(company_.Snapshot(), before);
}

INSTANTIATE_TEST_SUITE_P(Of, HostileToRpc, ::testing::ValuesIn(EveryRpc()),
                         [](const auto& info) { return info.param.name; });

// The scene is not changed by what is refused, so one is enough.
class Refused : public ::testing::Test {
 protected:
  static Company& Shared() {
    static Company& company = *[] {
      auto* made = new Company;
      SetScene(*made);
      return made;
    }();
    return company;
  }
  void TearDown() override {
    EXPECT_EQ(company_.Snapshot(), before_);
    EXPECT_OK(GoalsSuite().AwaitHealth("goals", true, absl::Seconds(10)));
  }

  Company& company_ = Shared();
  const std::string before_ = company_.Snapshot();
};

TEST_F(Refused, TwentyMegabytesAreEndedByTheLibrary) {
  goals::GetObjectiveRequest request;
  request.set_name(std::string(20 << 20, 'x'));
  EXPECT_EQ(company_.admin().Send(request).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(Refused, MoreWrongFieldsThanFitAreCounted) {
  directory::CreateTeamRequest request;
  request.set_parent(company_.name());
  for (int i = 0; i < 1001; ++i) request.mutable_team()->add_members()->set_person("x");
  const auto refused = company_.admin().Send(request);
  EXPECT_THAT(refused, IsRefused("INVALID_FIELDS"));
  EXPECT_NE(DetailsOf(refused.status()).metadata["violations_omitted"], "");
}

TEST_F(Refused, VeryManyOfWhatMayBeFew) {
  goals::CreateObjectiveRequest objective = company_.ann().Parse<goals::CreateObjectiveRequest>(
      "parent: '$O' objective { title: 'X' owner: '$O/people/ann' cycle: '$O/cycles/now' }");
  auto shared = objective;
  for (int i = 0; i < 10'000; ++i) {
    shared.mutable_objective()->add_shared_with(company_.name("people/ben"));
  }
  EXPECT_THAT(WrongFields(company_.ann().Send(shared)), Contains("objective.shared_with"));
  auto aligned = objective;
  for (int i = 0; i < 10'000; ++i) {
    aligned.mutable_objective()->add_alignments()->set_parent(company_.name("objectives/b"));
  }
  EXPECT_THAT(WrongFields(company_.ann().Send(aligned)), Contains("objective.alignments"));
  auto masked = company_.ann().Parse<goals::UpdateObjectiveRequest>(
      "objective { name: '$O/objectives/a' title: 'X' }");
  for (int i = 0; i < 100'000; ++i) masked.mutable_update_mask()->add_paths("nonsense");
  EXPECT_THAT(WrongFields(company_.ann().Send(masked)), ElementsAre("update_mask"));
  goals::BatchGetKeyResultsRequest names;
  names.set_parent(company_.name());
  for (int i = 0; i < 20'000; ++i) names.add_names(company_.name("objectives/a/keyResults/k1"));
  EXPECT_THAT(WrongFields(company_.ann().Send(names)), ElementsAre("names"));
}

TEST_F(Refused, AThousandMembersWhoAreNotThere) {
  directory::CreateTeamRequest request;
  request.set_parent(company_.name());
  request.mutable_team()->set_display_name("Ghosts");
  for (int i = 0; i < 1000; ++i) {
    request.mutable_team()->add_members()->set_person(company_.name(absl::StrCat("people/g", i)));
  }
  EXPECT_THAT(WrongFields(company_.admin().Send(request)), Contains("team.members[0].person"));
}

TEST_F(Refused, ControlCharactersInOneLineTexts) {
  for (const char* text : {"a\\nb", "a\\tb", "a\\001b", "a\\177b", "a\\302\\205b", "a\\000b"}) {
    EXPECT_THAT(WrongFields(company_.ann().Call<goals::UpdateObjectiveRequest>(
                    absl::StrCat("objective { name: '$O/objectives/a' title: '", text, "' }"))),
                ElementsAre("objective.title"))
        << text;
    EXPECT_THAT(
        WrongFields(company_.admin().Call<directory::UpdatePersonRequest>(absl::StrCat(
            "person { name: '$O/people/ann' display_name: '", text, "' subject: '", text, "' }"))),
        ElementsAre("person.display_name", "person.subject"))
        << text;
  }
}

TEST_F(Refused, NamesOfAnotherKind) {
  EXPECT_THAT(WrongFields(company_.ann().Call<goals::CreateObjectiveRequest>(
                  "parent: '$O/teams/crew' objective { title: 'X' owner: '$O/cycles/now'"
                  " cycle: '$O/people/ann' shared_with: '$O/teams/crew'"
                  " alignments { parent: '$O/people/ann' } }")),
              ElementsAre("objective.alignments[0].parent", "objective.cycle", "objective.owner",
                          "objective.shared_with[0]", "parent"));
}

TEST_F(Refused, NamesOfAnotherOrganizationOnAnyLevel) {
  Company other;
  const auto foreign = [&](absl::string_view relative) { return other.name(relative); };
  EXPECT_THAT(company_.admin().Call<goals::CreateObjectiveRequest>(
                  absl::StrCat("parent: '$O' objective { title: 'X' owner: '",
                               foreign("people/ann"), "' cycle: '$O/cycles/now' }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(company_.admin().Call<goals::CreateObjectiveRequest>(
                  absl::StrCat("parent: '$O' objective { title: 'X' owner: '$O/people/ann'"
                               " cycle: '$O/cycles/now' shared_with: '",
                               foreign("people/ann"), "' }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(company_.admin().Call<goals::CreateObjectiveRequest>(
                  absl::StrCat("parent: '$O' objective { title: 'X' owner: '$O/people/ann'"
                               " cycle: '$O/cycles/now' alignments { parent: '",
                               foreign("objectives/a"), "' } }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(company_.admin().Call<goals::BatchGetObjectivesRequest>(absl::StrCat(
                  "parent: '$O' names: '$O/objectives/a' names: '", foreign("objectives/a"), "'")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(company_.admin().Call<directory::CreateTeamRequest>(
                  absl::StrCat("parent: '$O' team { display_name: 'X' members { person: '",
                               foreign("people/ann"), "' } }")),
              IsRefused("WRONG_ORGANIZATION"));
  EXPECT_THAT(company_.admin().Call<directory::CreateTeamRequest>(absl::StrCat(
                  "parent: '$O' team { display_name: 'X' parent: '", foreign("teams/crew"), "' }")),
              IsRefused("WRONG_ORGANIZATION"));
}

}  // namespace
}  // namespace okr::contract
