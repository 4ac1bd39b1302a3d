#include "worker/command_environment.h"

#include <map>

#include "common/time/rfc3339.h"
#include "worker/start_error.h"

namespace rota {
namespace {

using Environment = std::map<std::string, std::string, std::less<>>;

std::string parameter_variable(std::string_view parameter) {
  std::string name = "ROTA_PARAM_";
  // Not by toupper(3), whose answer depends on the locale.
  for (const char letter : parameter) {
    const bool is_lower = letter >= 'a' && letter <= 'z';
    const bool stays = (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    name += is_lower ? static_cast<char>(letter - 'a' + 'A') : stays ? letter : '_';
  }
  return name;
}

void add_user(const CommandUser& user, Environment& environment) {
  environment["HOME"] = user.home;
  environment["USER"] = user.name;
  environment["LOGNAME"] = user.name;
  environment["SHELL"] = user.shell;
}

void add_run(const StartMessage& start, Environment& environment) {
  environment["ROTA_JOB"] = start.job;
  environment["ROTA_ATTEMPT"] = std::to_string(start.attempt);
  environment["ROTA_TRIGGER"] = start.trigger;
  if (start.scheduled_for) environment["ROTA_SCHEDULED_FOR"] = format_rfc3339(*start.scheduled_for);
  environment["ROTA_DEADLINE"] = format_rfc3339(start.deadline);
  environment["ROTA_LAST_ENTRY"] = start.last_entry;
  for (const auto& [name, value] : start.parameters) environment[parameter_variable(name)] = value;
}

std::string entry(const std::string& name, const std::string& value) {
  if (name.empty() || name.find_first_of(std::string_view{"=\0", 2}) != std::string::npos)
    throw StartError{"the environment variable \"" + name +
                     "\" has a name that is empty or holds = or a zero byte"};
  if (value.find('\0') != std::string::npos)
    throw StartError{"the environment variable " + name + " holds a zero byte"};
  return name + "=" + value;
}

}  // namespace

std::vector<std::string> environment_of(const StartMessage& start, const CommandUser& user,
                                        const InheritedEnvironment& inherited, int events_descriptor) {
  Environment environment{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
  if (!inherited.language.empty()) environment["LANG"] = inherited.language;
  add_user(user, environment);
  add_run(start, environment);
  for (const auto& [name, value] : start.command->environment) environment[name] = value;
  environment["ROTA_RUN_ID"] = std::to_string(start.run_id);
  environment["ROTA_RUN_TOKEN"] = inherited.run_token;
  environment["ROTA_EVENTS_FD"] = std::to_string(events_descriptor);
  std::vector<std::string> entries;
  entries.reserve(environment.size());
  for (const auto& [name, value] : environment) entries.push_back(entry(name, value));
  return entries;
}

}  // namespace rota
