#include "supervisor/cli/next_command.h"

#include <rota/schedule.h>

#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/schedule/zone.h"
#include "common/schedule/zone_names.h"
#include "common/time/rfc3339.h"
#include "supervisor/cli/start_option.h"

namespace rota {
namespace {

using std::chrono::sys_seconds;

struct NextOptions {
  std::string schedule;
  std::string zone;
  std::string from;
  std::string seed;
  int count = 10;
};

std::string zone_option(const std::string& zone) {
  if (zone.empty()) return system_zone();
  if (!is_known_zone(zone))
    throw WrongOption{"--zone \"" + zone +
                      "\": expected an IANA time zone that this system has, such as Europe/Brussels"};
  return zone;
}

void print_occurrences(const NextOptions& options) {
  const Schedule schedule =
      parse_schedule(options.schedule).with_default_zone(zone_option(options.zone)).with_seed(options.seed);
  Zone& zone = Zone::of(schedule.zone());
  sys_seconds after = start_option(options.from);
  for (int printed = 0; printed < options.count; ++printed) {
    const auto next = schedule.next_after(after);
    if (!next) return;
    const std::chrono::seconds offset{zone.segment(next->time_since_epoch().count()).offset};
    std::cout << format_rfc3339(*next, offset) << '\n';
    after = *next;
  }
}

}  // namespace

void add_next_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<NextOptions>();
  const Subcommand command = app.add("next", "Print the coming occurrences of a schedule");
  command.option("schedule", options->schedule, "In words (\"every monday at 02:00\") or as a crontab entry")
      .required();
  command.option("--zone", options->zone, "Time zone of a schedule that names none (default: the system's)");
  command.option("--from", options->from, "Print what comes after this instant, RFC 3339 (default: now)");
  command.option("--count", options->count, "How many to print").in_range(1, 1'000'000).show_default();
  command.option("--seed", options->seed, "Job name for which random intervals are drawn");
  command.callback([options, &exit_status] {
    try {
      print_occurrences(*options);
    } catch (const std::exception& error) {
      std::cerr << "rota next: " << error.what() << '\n';
      exit_status = 2;
    }
  });
}

}  // namespace rota
