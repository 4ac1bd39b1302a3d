#include "supervisor/rules/pauses.h"

#include <doctest/doctest.h>

namespace rota {
namespace {

using Scope = Pause::Scope;

Pause by(Scope scope, const std::string& name, const std::string& who) { return {scope, name, who, {}}; }

TEST_CASE("a job is held by its own pause then by its group's then by that of all") {
  Pauses pauses;
  CHECK(pauses.of("job", "group") == nullptr);
  CHECK(pauses.add(by(Scope::all, "", "operator")));
  CHECK(pauses.of("job", "group")->paused_by == "operator");
  CHECK(pauses.add(by(Scope::group, "group", "team")));
  CHECK(pauses.of("job", "group")->paused_by == "team");
  CHECK(pauses.add(by(Scope::job, "job", "owner")));
  CHECK(pauses.of("job", "group")->paused_by == "owner");
  CHECK(pauses.of("other", "")->paused_by == "operator");
}

TEST_CASE("who paused first stays and a resume ends just that pause") {
  Pauses pauses;
  CHECK(pauses.add(by(Scope::job, "job", "first")));
  CHECK_FALSE(pauses.add(by(Scope::job, "job", "second")));
  CHECK(pauses.of("job", "")->paused_by == "first");
  CHECK_FALSE(pauses.remove(Scope::group, "job"));
  CHECK(pauses.remove(Scope::job, "job"));
  CHECK_FALSE(pauses.remove(Scope::job, "job"));
  CHECK(pauses.of("job", "") == nullptr);
}

}  // namespace
}  // namespace rota
