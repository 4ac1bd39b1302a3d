// Schedules in words: what is read is written and read again as the same, and its occurrences
// ascend strictly and end.
#include <rota/schedule.h>

#include <optional>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/occurrences.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rota::text_of(data, size);
  try {
    const rota::Schedule schedule = rota::parse_schedule(text);
    rota::require_same_after_writing(schedule, text);
    rota::require_ascending(schedule.with_seed("job"), text);
    rota::require_ascending(schedule.with_default_zone("Europe/Brussels"), text);
  } catch (const rota::ScheduleError& error) {
    rota::require(error.position() <= size, "the position of an error is in the text", text);
  }
  return 0;
}
