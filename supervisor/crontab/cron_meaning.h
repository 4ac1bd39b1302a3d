// When cron itself would run an entry: a reading of crontab(5) of its own, which shares nothing
// with Rota's schedule language but the time zones, so that the two can be compared. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// Which values each field allows, as bits. Sunday is bit 0 of the weekdays.
struct CronFields {
  std::uint64_t minutes = 0;
  std::uint64_t hours = 0;
  std::uint64_t days = 0;
  std::uint64_t months = 0;
  std::uint64_t weekdays = 0;
  bool day_needs_both = false;     // a day field begins with *, so that both must allow the day
  bool follows_the_clock = false;  // a * in the minute or hour: what the clock repeats is run again
};

// Reads five fields with blanks between, or an @ name. Takes `5/15` as `5-59/15`, as those who write
// it mean it. Nullopt for what is neither.
std::optional<CronFields> read_cron_fields(std::string_view text);

// The first `count` instants after `after`, as the daemon walks through the minutes of the local
// clock: where an entry names its hour and minute, what a change of at most three hours jumps over
// is run right after it, and what is shown twice is run once; see cron(8). Throws
// std::runtime_error if the system does not have the zone.
std::vector<std::chrono::sys_seconds> cron_occurrences(const CronFields& fields, const std::string& zone,
                                                       std::chrono::sys_seconds after, int count);

}  // namespace rota
