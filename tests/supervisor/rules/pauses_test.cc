#include "supervisor/rules/pauses.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace rota {
namespace {

using Scope = Pause::Scope;

Pause by(Scope scope, const std::string& name, const std::string& who) { return {scope, name, who, {}}; }

TEST_CASE("a job is held by its own pause then by its group's then by that of all") {
  const Pause all = by(Scope::all, "", "operator");
  const Pause group = by(Scope::group, "disk", "team");
  const Pause job = by(Scope::job, "backup", "owner");
  struct Case {
    std::string what;
    std::vector<Pause> pauses;
    const char* job_name;
    const char* group;
    const char* held_by;  // empty: by nobody
  };
  const Case cases[] = {
      {"nothing is paused", {}, "backup", "disk", ""},
      {"its own", {job}, "backup", "disk", "owner"},
      {"that of another job", {job}, "report", "disk", ""},
      {"its group's", {group}, "backup", "disk", "team"},
      {"that of another group", {group}, "backup", "net", ""},
      {"a group's that has the name of the job", {by(Scope::group, "backup", "team")}, "backup", "disk", ""},
      {"without a group", {group}, "backup", "", ""},
      {"that of all", {all}, "backup", "", "operator"},
      {"the narrowest of all three", {all, group, job}, "backup", "disk", "owner"},
      {"the group's before that of all", {all, group}, "backup", "disk", "team"},
      {"that of all for the rest", {all, group, job}, "report", "net", "operator"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    // Taken up from the store, and one after the other.
    Pauses added;
    for (const Pause& pause : each.pauses) CHECK(added.add(pause));
    for (const Pauses& pauses : {added, Pauses{each.pauses}}) {
      const Pause* held = pauses.of(each.job_name, each.group);
      CHECK((held ? held->paused_by : std::string{}) == each.held_by);
    }
  }
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
