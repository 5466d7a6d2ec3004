// Calls at the same moment: whoever wins, what holds of one after the other holds of both.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <latch>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/contract/company.h"

namespace okr::contract {
namespace {

constexpr int kRounds = 8;

// Runs `calls` at the same moment, each as a client of `subject` on a thread of its own.
void Race(const Company& company, const std::string& subject,
          const std::vector<std::function<void(Client&)>>& calls) {
  std::latch start(static_cast<std::ptrdiff_t>(calls.size()));
  std::vector<std::thread> threads;
  for (const auto& call : calls) {
    threads.emplace_back([&] {
      const auto client = company.NewClient(subject);
      client->Call<directory::GetOrganizationRequest>("name: '$O'")
          .status()
          .IgnoreError();  // Connects.
      start.arrive_and_wait();
      call(*client);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ConcurrentCalls, OfOneRequestIdHappenOnce) {
  for (int round = 0; round < kRounds; ++round) {
    Company company;
    std::mutex mutex;
    std::set<std::string> answers;
    const auto create = [&](Client& client) {
      const auto answer = client.Call<goals::CreateObjectiveRequest>(
          "parent: '$O' request_id: 'same' objective { title: 'X' owner: '$O/people/ann'"
          " cycle: '$O/cycles/now' }");
      EXPECT_OK(answer);
      const std::lock_guard lock(mutex);
      if (answer.ok()) answers.insert(answer->DebugString());
    };
    Race(company, "ann", {create, create, create, create, create, create});
    EXPECT_EQ(answers.size(), 1U);
    EXPECT_EQ(company.ann().Call<goals::ListObjectivesRequest>("parent: '$O'")->objectives_size(),
              1);
  }
}

TEST(ConcurrentCalls, OfOneRequestIdWithAnotherBodyAreRefusedButForOne) {
  Company company;
  std::atomic<int> made{0};
  std::vector<std::function<void(Client&)>> calls;
  for (int i = 0; i < 6; ++i) {
    calls.emplace_back([&, i](Client& client) {
      const auto answer = client.Call<goals::CreateObjectiveRequest>(
          absl::StrCat("parent: '$O' request_id: 'same' objective { title: 'X", i,
                       "' owner: '$O/people/ann' cycle: '$O/cycles/now' }"));
      if (answer.ok()) return void(++made);
      EXPECT_THAT(answer, IsRefused("REQUEST_ID_REUSED"));
    });
  }
  Race(company, "ann", calls);
  EXPECT_EQ(made, 1);
}

TEST(ConcurrentCalls, OfOneIdMakeOneResource) {
  for (int round = 0; round < kRounds; ++round) {
    Company company;
    std::atomic<int> made{0};
    const auto create = [&](Client& client) {
      const auto answer = client.Call<goals::CreateObjectiveRequest>(
          "parent: '$O' objective_id: 'same' objective { title: 'X' owner: '$O/people/ann'"
          " cycle: '$O/cycles/now' }");
      if (answer.ok()) return void(++made);
      EXPECT_THAT(answer, IsRefused("RESOURCE_ALREADY_EXISTS"));
    };
    Race(company, "ann", {create, create, create, create});
    EXPECT_EQ(made, 1);
  }
}

TEST(ConcurrentCalls, OfOneSubjectMakeOnePerson) {
  for (int round = 0; round < kRounds; ++round) {
    Company company;
    std::atomic<int> made{0};
    std::vector<std::function<void(Client&)>> calls;
    for (int i = 0; i < 4; ++i) {
      calls.emplace_back([&, i](Client& client) {
        const auto answer = client.Call<directory::CreatePersonRequest>(absl::StrCat(
            "parent: '$O' person_id: 'p", i, "' person { display_name: 'P' subject: 'same' }"));
        if (answer.ok()) return void(++made);
        EXPECT_THAT(answer, IsRefused("RESOURCE_ALREADY_EXISTS"));
      });
    }
    Race(company, "admin", calls);
    EXPECT_EQ(made, 1);
  }
}

TEST(ConcurrentCalls, OfOneEtagChangeItOnce) {
  for (int round = 0; round < kRounds; ++round) {
    Company company;
    const std::string etag = company.MakeObjective("a").etag();
    std::atomic<int> changed{0};
    std::vector<std::function<void(Client&)>> calls;
    for (int i = 0; i < 6; ++i) {
      calls.emplace_back([&, i](Client& client) {
        const auto answer = client.Call<goals::UpdateObjectiveRequest>(absl::StrCat(
            "objective { name: '$O/objectives/a' title: 'T", i, "' etag: '", etag, "' }"));
        if (answer.ok()) return void(++changed);
        EXPECT_THAT(answer, IsRefused("ETAG_MISMATCH"));
      });
    }
    Race(company, "ann", calls);
    EXPECT_EQ(changed, 1);
  }
}

// Of a pair of calls that exclude each other, how often both succeed. `made` gets the company
// ready.
void ExpectNeverBoth(const std::function<void(Company&)>& made,
                     const std::function<bool(Client&)>& one,
                     const std::function<bool(Client&)>& other) {
  for (int round = 0; round < 2 * kRounds; ++round) {
    Company company;
    made(company);
    std::atomic<int> succeeded{0};
    Race(company, "admin",
         {[&](Client& client) { succeeded += one(client) ? 1 : 0; },
          [&](Client& client) { succeeded += other(client) ? 1 : 0; }});
    EXPECT_EQ(succeeded, 1);
  }
}

TEST(ConcurrentCalls, NoTeamIsDeletedWhileItGetsAnObjective) {
  ExpectNeverBoth([](Company&) {},
                  [](Client& client) {
                    return client.Call<directory::DeleteTeamRequest>("name: '$O/teams/crew'").ok();
                  },
                  [](Client& client) {
                    return client
                        .Call<goals::CreateObjectiveRequest>(
                            "parent: '$O' objective { title: 'X' owner: '$O/teams/crew'"
                            " cycle: '$O/cycles/now' }")
                        .ok();
                  });
}

TEST(ConcurrentCalls, NoTeamIsDeletedWhileItGetsASubTeam) {
  ExpectNeverBoth([](Company&) {},
                  [](Client& client) {
                    return client.Call<directory::DeleteTeamRequest>("name: '$O/teams/spare'").ok();
                  },
                  [](Client& client) {
                    return client
                        .Call<directory::CreateTeamRequest>(
                            "parent: '$O' team { display_name: 'Sub' parent: '$O/teams/spare' }")
                        .ok();
                  });
}

// Deleting the last key result of an active objective is allowed, so the order decides.
TEST(ConcurrentCalls, NoObjectiveIsActivatedAfterItsOnlyKeyResultIsDeleted) {
  for (int round = 0; round < 2 * kRounds; ++round) {
    Company company;
    company.MakeObjective("a");
    company.MakeKeyResult("a", "k");
    Race(company, "ann",
         {[](Client& client) {
            client.Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'")
                .status()
                .IgnoreError();
          },
          [](Client& client) {
            EXPECT_OK(
                client.Call<goals::DeleteKeyResultRequest>("name: '$O/objectives/a/keyResults/k'"));
          }});
    ASSERT_OK_AND_ASSIGN(
        const auto list,
        company.ann().Call<events::ListEventsRequest>(
            "filter { organization: '$O' subject_prefix: '$O/objectives/a' } page_size: 1000"));
    bool deleted = false;
    for (const events::Event& event : list.events()) {
      deleted |= event.type() == "okr.goals.v1.KeyResultDeleted";
      EXPECT_FALSE(deleted && event.type() == "okr.goals.v1.ObjectiveActivated");
    }
    EXPECT_TRUE(deleted);
  }
}

TEST(ConcurrentCalls, NoKeyResultIsMadeOutsideItsShrinkingCycle) {
  ExpectNeverBoth(
      [](Company& company) { company.MakeObjective("a"); },
      [](Client& client) {
        return client
            .Call<directory::UpdateCycleRequest>(
                "cycle { name: '$O/cycles/now' end_date { year: 2030 month: 6 day: 30 } }")
            .ok();
      },
      [](Client& client) {
        return client
            .Call<goals::CreateKeyResultRequest>(
                "parent: '$O/objectives/a' key_result { title: 'X' metric { target: 1 }"
                " due_date { year: 2030 month: 12 day: 1 } }")
            .ok();
      });
}

TEST(ConcurrentCalls, NoKeyResultIsMadeOfADeletedObjective) {
  for (int round = 0; round < 2 * kRounds; ++round) {
    Company company;
    company.MakeObjective("a");
    Race(company, "ann",
         {[](Client& client) {
            EXPECT_OK(client.Call<goals::DeleteObjectiveRequest>("name: '$O/objectives/a'"));
          },
          [](Client& client) {
            client
                .Call<goals::CreateKeyResultRequest>(
                    "parent: '$O/objectives/a' key_result { title: 'X' metric { target: 1 } }")
                .status()
                .IgnoreError();
          }});
    EXPECT_EQ(company.ann()
                  .Call<goals::ListKeyResultsRequest>("parent: '$O/objectives/-'")
                  ->key_results_size(),
              0);
  }
}

TEST(ConcurrentCalls, NoObjectiveStaysActiveInAClosedCycle) {
  for (int round = 0; round < 2 * kRounds; ++round) {
    Company company;
    company.MakeObjective("a");
    company.MakeKeyResult("a", "k");
    Race(company, "admin",
         {[](Client& client) {
            EXPECT_OK(client.Call<directory::OpenCycleGradingRequest>("name: '$O/cycles/now'"));
            EXPECT_OK(client.Call<directory::CloseCycleRequest>("name: '$O/cycles/now'"));
          },
          [](Client& client) {
            client.Call<goals::ActivateObjectiveRequest>("name: '$O/objectives/a'")
                .status()
                .IgnoreError();
          }});
    EXPECT_NE(company.ann().Call<goals::GetObjectiveRequest>("name: '$O/objectives/a'")->state(),
              goals::OBJECTIVE_STATE_ACTIVE);
  }
}

TEST(ConcurrentCalls, NoTwoCyclesLieInEachOther) {
  ExpectNeverBoth(
      [](Company& company) {
        company.MakeCycle("one");
        company.MakeCycle("two");
      },
      [](Client& client) {
        return client
            .Call<directory::UpdateCycleRequest>(
                "cycle { name: '$O/cycles/one' parent: '$O/cycles/two' }")
            .ok();
      },
      [](Client& client) {
        return client
            .Call<directory::UpdateCycleRequest>(
                "cycle { name: '$O/cycles/two' parent: '$O/cycles/one' }")
            .ok();
      });
}

}  // namespace
}  // namespace okr::contract
