#include "services/goals/transport/caller_cache.h"

#include "services/goals/transport/goals_fixture.h"

namespace okr::goals::transport {
namespace {

using okr::testing::HasReason;

class CallerCacheTest : public GoalsFixture {
 protected:
  absl::StatusOr<Actor> Find(const rpc::Call& call) {
    std::promise<absl::StatusOr<Actor>> found;
    cache_.Find(call, organization_,
                [&](absl::StatusOr<Actor> actor) { found.set_value(std::move(actor)); });
    return found.get_future().get();
  }
  void Deactivate(const std::string& id) {
    api::UpdatePersonRequest request;
    request.mutable_person()->set_name(Name("people/" + id));
    request.mutable_person()->set_state(api::PERSON_STATE_DEACTIVATED);
    ASSERT_OK(Write(Admin(), UpdatePerson, request));
  }

  std::unique_ptr<store::Reader> reader_ = MakeReader();
  CallerCache cache_{*reader_};
};

TEST_F(CallerCacheTest, KnowsThePersonOfASubject) {
  EXPECT_EQ(Find(As("ann"))->person->ToString(), Name("people/ann"));
}

TEST_F(CallerCacheTest, RemembersForAMomentOnly) {
  rpc::Call call = As("ann");
  ASSERT_OK(Find(call));
  Deactivate("ann");
  EXPECT_OK(Find(call));
  call.now += CallerCache::kLifetime;
  EXPECT_THAT(Find(call), HasReason("PERMISSION_DENIED"));
}

TEST_F(CallerCacheTest, SeesANewPersonAtOnce) {
  EXPECT_EQ(Find(As("new"))->person, std::nullopt);
  api::CreatePersonRequest person;
  person.set_parent(Parent());
  person.mutable_person()->set_display_name("New");
  person.mutable_person()->set_subject("new");
  ASSERT_OK(Write(Admin(), CreatePerson, person));
  EXPECT_NE(Find(As("new"))->person, std::nullopt);
}

TEST_F(CallerCacheTest, DoesNotLookForServicesOfTheInstallation) {
  rpc::Call call = As("ann", auth::Role::kService);
  call.principal.organization = auth::kAnyOrganization;
  EXPECT_EQ(Find(call)->person, std::nullopt);
}

}  // namespace
}  // namespace okr::goals::transport
