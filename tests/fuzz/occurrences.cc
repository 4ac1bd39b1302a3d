#include "tests/fuzz/occurrences.h"

#include <array>
#include <chrono>
#include <limits>
#include <optional>

#include "tests/fuzz/fuzz.h"

namespace rota {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kEnd = sys_days{std::chrono::year{10000} / 1 / 1};
constexpr int kOccurrences = 12;

// Before both changes of Europe's clocks, at a leap day, and where time begins and ends.
constexpr std::array<sys_seconds, 6> kBegins{
    sys_days{std::chrono::year{2026} / 3 / 28} + 20h,
    sys_days{std::chrono::year{2026} / 10 / 24} + 20h,
    sys_days{std::chrono::year{2028} / 2 / 28} + 23h,
    sys_days{std::chrono::year{1900} / 1 / 1} - 1s,
    sys_seconds{std::chrono::seconds{std::numeric_limits<std::int64_t>::min()}},
    sys_seconds{std::chrono::seconds{std::numeric_limits<std::int64_t>::max()}},
};

}  // namespace

void require_same_after_writing(const Schedule& schedule, std::string_view input) {
  const std::string text = to_string(schedule);
  try {
    const Schedule again = parse_schedule(text);
    require(again == schedule, "parse(to_string(x)) == x: " + text, input);
    require(to_string(again) == text, "the canonical text is canonical: " + text, input);
  } catch (const ScheduleError& error) {
    require(false, "the canonical text can be read: " + text + ": " + error.what(), input);
  }
}

void require_ascending(const Schedule& schedule, std::string_view input) {
  for (const sys_seconds begin : kBegins) {
    sys_seconds after = begin;
    for (int i = 0; i < kOccurrences; ++i) {
      const auto next = schedule.next_after(after);
      if (!next) break;
      require(*next > after, "occurrences ascend strictly", input);
      require(*next < kEnd, "no occurrence is past the year 9999", input);
      after = *next;
    }
  }
  sys_seconds last = kEnd - std::chrono::seconds{kOccurrences};
  int count = 0;
  while (const auto next = schedule.next_after(last)) {
    require(*next > last && ++count <= kOccurrences, "occurrences end", input);
    last = *next;
  }
}

}  // namespace rota
