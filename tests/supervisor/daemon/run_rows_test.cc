#include "supervisor/daemon/run_rows.h"

#include <doctest/doctest.h>

#include "common/time/rfc3339.h"

namespace rota {
namespace {

Instant at(const char* text) { return parse_rfc3339(text).value(); }

TEST_CASE("a paused occurrence that stands for many says until when") {
  const DueOccurrence occurrence{"scrape", at("2027-03-26T22:00:00Z"), DueOccurrence::Kind::missed,
                                 at("2027-03-27T12:00:00Z")};
  const Run row = paused_row(occurrence, {Pause::Scope::job, "scrape", "ann", at("2027-03-26T10:00:00Z")});
  CHECK(row.state == RunState::skipped);
  CHECK(row.error_type == "paused");
  CHECK(row.error_message ==
        "the job is paused by ann since 2027-03-26T10:00:00.000Z; this occurrence and every later one before "
        "2027-03-27T12:00:00.000Z passed unfired");
}

}  // namespace
}  // namespace rota
