#include "supervisor/daemon/service_status.h"

#include <doctest/doctest.h>

#include "common/time/rfc3339.h"

namespace rota {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

SupervisorStatus busy() {
  SupervisorStatus status;
  status.running = 3;
  status.waiting = 12;
  status.next_occurrence = at("2026-11-25T01:20:00Z");
  status.next_job = "scrape_mep_meetings";
  return status;
}

TEST_CASE("the line says what runs and waits and what comes next by the clock of the zone") {
  CHECK(service_status(busy(), "Europe/Brussels", at("2026-11-25T00:10:00Z")) ==
        "3 running, 12 waiting, next scrape_mep_meetings at 02:20");
  CHECK(service_status(busy(), "UTC", at("2026-11-25T00:10:00Z")) ==
        "3 running, 12 waiting, next scrape_mep_meetings at 01:20");
}

TEST_CASE("an occurrence of another day is named with its day") {
  CHECK(service_status(busy(), "Europe/Brussels", at("2026-11-24T22:59:59Z")) ==
        "3 running, 12 waiting, next scrape_mep_meetings on Wed 25 Nov 02:20");
  CHECK(service_status(busy(), "Europe/Brussels", at("2026-11-24T23:00:00Z")) ==
        "3 running, 12 waiting, next scrape_mep_meetings at 02:20");
}

TEST_CASE("seconds are shown where there are any") {
  SupervisorStatus status = busy();
  status.next_occurrence = at("2026-11-25T01:20:05Z");
  CHECK(service_status(status, "UTC", at("2026-11-25T00:00:00Z")) ==
        "3 running, 12 waiting, next scrape_mep_meetings at 01:20:05");
}

TEST_CASE("without an occurrence the line says so") {
  CHECK(service_status({}, "UTC", at("2026-11-25T00:00:00Z")) == "0 running, 0 waiting, nothing scheduled");
}

TEST_CASE("pauses and troubles are part of the line") {
  SupervisorStatus status;
  status.pauses = {{Pause::Scope::job, "import", "tester", {}}, {Pause::Scope::group, "web", "tester", {}}};
  status.trouble = "database rota.db: disk full\nwrites wait";
  CHECK(service_status(status, "UTC", {}) ==
        "0 running, 0 waiting, nothing scheduled, 2 paused; database rota.db: disk full writes wait");
  status.pauses.push_back({Pause::Scope::all, "", "tester", {}});
  status.trouble.clear();
  CHECK(service_status(status, "UTC", {}) == "0 running, 0 waiting, nothing scheduled, all jobs paused");
}

TEST_CASE("a daemon that stops says how many runs it waits for") {
  CHECK(stopping_status(busy()) == "stopping, 3 running");
}

}  // namespace
}  // namespace rota
