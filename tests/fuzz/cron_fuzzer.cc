// Crontabs, as the entry of a schedule and whole: what is read is written and read again as the
// same, a minute is due if it fits the fields and only then, and an import makes job files that
// can be read.
#include <rota/schedule.h>

#include <chrono>
#include <exception>
#include <string>

#include "supervisor/crontab/compare.h"
#include "supervisor/crontab/cron_meaning.h"
#include "supervisor/crontab/read_crontab.h"
#include "supervisor/crontab/to_jobs.h"
#include "supervisor/crontab/write_job_file.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/occurrences.h"

namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

constexpr sys_seconds kBegin = sys_days{std::chrono::year{2028} / 2 / 27} + 7h;
constexpr int kMinutes = 3 * 24 * 60;

bool fits_day(const rota::ScheduleRule::Cron& cron, unsigned day_of_month, unsigned weekday) {
  const bool day = (cron.days >> day_of_month & 1U) != 0;
  const bool day_of_week = (cron.weekdays >> weekday & 1U) != 0;
  return cron.star_day || cron.star_weekday ? day && day_of_week : day || day_of_week;
}

bool fits(const rota::ScheduleRule::Cron& cron, sys_seconds instant) {
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  const std::chrono::year_month_day date{day};
  return (cron.minutes >> time.minutes().count() & 1U) != 0 &&
         (cron.hours >> time.hours().count() & 1U) != 0 &&
         (cron.months >> unsigned{date.month()} & 1U) != 0 &&
         fits_day(cron, unsigned{date.day()}, std::chrono::weekday{day}.c_encoding());
}

// In UTC, over a leap day, minute by minute.
void require_what_the_fields_say(const rota::Schedule& schedule, std::string_view input) {
  sys_seconds after = kBegin;
  auto next = schedule.next_after(after);
  for (int i = 0; i < kMinutes; ++i) {
    after += 1min;
    const bool due = next == after;
    rota::require(fits(schedule.rule().cron, after) == due, "a minute is due if it fits the fields", input);
    if (due) next = schedule.next_after(after);
  }
}

// The comparison of `rota import crontab` has a reading of its own, which keeps Sunday's second bit.
void require_what_cron_reads(const rota::ScheduleRule::Cron& cron, std::string_view input) {
  constexpr std::uint64_t kWeek = 0x7f;
  const auto other = rota::read_cron_fields(cron.text);
  rota::require(other && other->minutes == cron.minutes && other->hours == cron.hours &&
                    other->days == cron.days && other->months == cron.months &&
                    (other->weekdays & kWeek) == cron.weekdays,
                "both readers of crontab entries read the same", input);
}

void try_entry(std::string_view text) {
  try {
    const rota::Schedule schedule = rota::cron(text);
    rota::require(schedule.rule().kind == rota::ScheduleRule::Kind::cron, "a crontab entry is one", text);
    require_what_cron_reads(schedule.rule().cron, text);
    rota::require_same_after_writing(schedule, text);
    rota::require_ascending(schedule.with_default_zone("America/Sao_Paulo"), text);
    require_what_the_fields_say(schedule, text);
  } catch (const rota::ScheduleError& error) {
    rota::require(error.position() <= text.size(), "the position of an error is in the text", text);
  }
}

void try_crontab(std::string_view text, rota::CrontabForm form) {
  rota::ImportOptions options;
  options.user = "somebody";
  const auto jobs = rota::to_jobs(rota::read_crontab(text, form), options).jobs;
  try {
    for (const rota::ImportedJob& job : jobs)
      rota::require_same_after_writing(rota::parse_schedule(job.schedule), text);
    rota::compare(jobs, rota::write_job_file(jobs, "crontab"), "Europe/Brussels", kBegin, 1);
  } catch (const std::exception& error) {
    rota::require(false, std::string{"what was imported can be read: "} + error.what(), text);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rota::text_of(data, size);
  try_entry(text);
  try_crontab(text, rota::CrontabForm::user);
  try_crontab(text, rota::CrontabForm::system);
  return 0;
}
