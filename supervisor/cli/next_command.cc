#include "supervisor/cli/next_command.h"

#include <rota/schedule.h>

#include <boost/json.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/schedule/zone_names.h"
#include "common/schedule/zoned_text.h"
#include "supervisor/cli/printable.h"
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
  bool json = false;
  bool utc = false;
};

std::string zone_option(const std::string& zone) {
  if (zone.empty()) return system_zone();
  if (!is_known_zone(zone))
    throw WrongOption{"--zone \"" + zone +
                      "\": expected an IANA time zone that this system has, such as Europe/Brussels"};
  return zone;
}

std::vector<std::string> occurrences(const Schedule& schedule, sys_seconds after,
                                     const NextOptions& options) {
  const std::string zone = options.utc ? "UTC" : schedule.zone();
  std::vector<std::string> found;
  while (static_cast<int>(found.size()) < options.count) {
    const auto next = schedule.next_after(after);
    if (!next) break;
    found.push_back(rfc3339_in(zone, *next));
    after = *next;
  }
  return found;
}

void print_occurrences(const NextOptions& options) {
  const Schedule schedule =
      parse_schedule(options.schedule).with_default_zone(zone_option(options.zone)).with_seed(options.seed);
  const sys_seconds from = start_option(options.from);
  const std::vector<std::string> next = occurrences(schedule, from, options);
  if (options.json) {
    boost::json::object answer{{"schedule", to_string(schedule)}, {"next", boost::json::value_from(next)}};
    std::cout << boost::json::serialize(answer) << '\n';
    return;
  }
  for (const std::string& occurrence : next) std::cout << occurrence << '\n';
  if (next.empty())
    std::cerr << "rota next: " << to_string(schedule) << ": has no occurrence after "
              << rfc3339_in(schedule.zone(), from) << '\n';
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
  command.flag("--json", options->json, "Print an object with schedule and next");
  command.flag("--utc", options->utc, "Show times in UTC (default: the schedule's zone)");
  command.callback([options, &exit_status] {
    try {
      print_occurrences(*options);
    } catch (const std::exception& error) {
      std::cerr << "rota next: " << printable_text(error.what()) << '\n';
      exit_status = 2;
    }
  });
}

}  // namespace rota
