#include "supervisor/rules/dependencies.h"

#include <doctest/doctest.h>

namespace rota {
namespace {

using On = DependencyPolicy::On;
using Names = std::vector<std::string>;

Dependencies after_a_and_b(On on) {
  Dependencies dependencies;
  dependencies.set({{"follower", {{"a", "b"}, on}}});
  return dependencies;
}

Names due_after(On on, const std::map<std::string, Dependencies::Past>& past) {
  Dependencies dependencies = after_a_and_b(on);
  for (const auto& [name, each] : past) dependencies.remember(name, each);
  return dependencies.due();
}

TEST_CASE("a job is due when all that it waits for have succeeded since its own last run") {
  Dependencies dependencies = after_a_and_b(On::success);
  CHECK(dependencies.ended("a", RunState::succeeded).empty());
  CHECK(dependencies.ended("a", RunState::succeeded).empty());
  CHECK(dependencies.ended("b", RunState::succeeded) == Names{"follower"});
  dependencies.begun("follower");
  CHECK(dependencies.ended("b", RunState::succeeded).empty());
  CHECK(dependencies.ended("a", RunState::succeeded) == Names{"follower"});
}

TEST_CASE("which ends count is the job's to say") {
  struct Case {
    On on;
    RunState state;
    bool counts;
  };
  const Case cases[] = {
      {On::success, RunState::succeeded, true},  {On::success, RunState::failed, false},
      {On::success, RunState::timed_out, false}, {On::failure, RunState::succeeded, false},
      {On::failure, RunState::failed, true},     {On::failure, RunState::crashed, true},
      {On::failure, RunState::lost, true},       {On::failure, RunState::timed_out, true},
      {On::always, RunState::succeeded, true},   {On::always, RunState::failed, true},
      {On::always, RunState::cancelled, false},  {On::success, RunState::skipped, false},
      {On::failure, RunState::cancelled, false}, {On::always, RunState::missed, false},
  };
  for (const Case& each : cases) {
    CAPTURE(to_string(each.state));
    Dependencies dependencies;
    dependencies.set({{"follower", {{"a"}, each.on}}});
    CHECK(dependencies.ended("a", each.state).size() == (each.counts ? 1U : 0U));
  }
}

TEST_CASE("a run of its own by another trigger begins the wait anew") {
  Dependencies dependencies = after_a_and_b(On::success);
  dependencies.ended("a", RunState::succeeded);
  dependencies.begun("follower");
  CHECK(dependencies.ended("b", RunState::succeeded).empty());
}

TEST_CASE("a run that was refused leaves what had ended before and since") {
  Dependencies dependencies = after_a_and_b(On::success);
  dependencies.ended("a", RunState::succeeded);
  dependencies.begun("follower");
  CHECK(dependencies.refused("follower").empty());
  CHECK(dependencies.ended("b", RunState::succeeded) == Names{"follower"});
  dependencies.begun("follower");
  dependencies.ended("a", RunState::succeeded);
  dependencies.begun("follower");
  dependencies.ended("b", RunState::succeeded);
  CHECK(dependencies.refused("follower") == Names{"follower"});
}

TEST_CASE("after a crash between the last end and the run that it makes due the run is due") {
  CHECK(due_after(On::success, {{"a", {.success = 1}}, {"b", {.success = 2}}}) == Names{"follower"});
  CHECK(due_after(On::success, {{"a", {.success = 1}}}).empty());
  CHECK(due_after(On::success, {{"a", {.success = 1}}, {"b", {.success = 3}}, {"follower", {.begun = 2}}})
            .empty());
  CHECK(due_after(On::failure,
                  {{"a", {.success = 4, .failure = 3}}, {"b", {.failure = 2}}, {"follower", {.begun = 1}}}) ==
        Names{"follower"});
}

TEST_CASE("what ends after the start is later than all that was remembered") {
  Dependencies dependencies = after_a_and_b(On::success);
  dependencies.remember("follower", {.begun = 1000});
  dependencies.remember("a", {.success = 1001});
  CHECK(dependencies.ended("b", RunState::succeeded) == Names{"follower"});
}

TEST_CASE("a new configuration keeps what has begun and ended") {
  Dependencies dependencies = after_a_and_b(On::success);
  dependencies.ended("a", RunState::succeeded);
  dependencies.begun("new");
  dependencies.set({{"follower", {{"a", "b"}, On::success}}, {"new", {{"a", "b"}, On::success}}});
  CHECK(dependencies.ended("b", RunState::succeeded) == Names{"follower"});
}

TEST_CASE("jobs that wait for nothing are never due by it") {
  Dependencies dependencies;
  dependencies.set({{"free", {}}});
  CHECK(dependencies.due().empty());
  CHECK(dependencies.ended("free", RunState::succeeded).empty());
}

}  // namespace
}  // namespace rota
