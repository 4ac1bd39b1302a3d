#include "supervisor/crontab/to_jobs.h"

#include <rota/schedule.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "supervisor/crontab/job_name.h"

namespace rota {
namespace {

using Kind = ImportNote::Kind;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

const std::string* find(const CrontabEntry& entry, std::string_view name) {
  const auto found = entry.variables.find(name);
  return found == entry.variables.end() ? nullptr : &found->second;
}

// `5/15` has no range; who writes it means one to the end of the field.
std::string with_ranges(const std::string& field, std::size_t index) {
  constexpr std::array<std::string_view, 5> kHighest{"59", "23", "31", "12", "6"};
  std::string rewritten;
  for (std::size_t from = 0; from <= field.size();) {
    const std::size_t comma = std::min(field.find(',', from), field.size());
    const std::string part = field.substr(from, comma - from);
    const std::size_t slash = part.find('/');
    const bool lacks_range =
        slash != std::string::npos && slash > 0 && part.find_first_of("*-") == std::string::npos;
    rewritten += lacks_range
                     ? part.substr(0, slash) + "-" + std::string{kHighest.at(index)} + part.substr(slash)
                     : part;
    if (comma < field.size()) rewritten += ',';
    from = comma + 1;
  }
  return rewritten;
}

// An IANA name as Rota has it: the colon of tzset(3) is no part of it.
std::string zone_of(const CrontabEntry& entry) {
  const std::string* zone = find(entry, "CRON_TZ");
  if (zone == nullptr) return "";
  return zone->starts_with(':') ? zone->substr(1) : *zone;
}

class Converter {
 public:
  explicit Converter(const ImportOptions& options) : options_{options} {}

  void add(const CrontabEntry& entry) {
    ++import_.entries;
    ImportedJob job;
    if (!set_schedule(job, entry)) return;
    job.name = unique_name(options_.prefix, program_name(entry.command), names_);
    set_environment(job, entry);
    set_user_and_directory(job, entry);
    set_command(job, entry);
    set_spread(job, entry);
    if (entry.unlogged)
      note(Kind::changed, entry, "the - before the schedule is left out: Rota records every run");
    job.entry = entry;
    import_.jobs.push_back(std::move(job));
  }

  void add(const CrontabProblem& problem) {
    ++import_.entries;
    import_.notes.push_back({Kind::lost, problem.line, problem.column, problem.message});
  }

  void add(const CrontabVariable& variable) {
    const std::string text = variable.name + "=" + quoted(variable.value);
    if (variable.name == "MAILTO")
      note_variable(
          Kind::lost, variable,
          variable.value.empty()
              ? text +
                    ": cron mails no output; Rota mails failures to [mail] to of its configuration, "
                    "so leave [mail] out if nobody is to be told"
              : text +
                    ": cron mails output there; Rota keeps output in each run's log and mails "
                    "failures: add the address to [mail] to of its configuration");
    if (variable.name == "MAILFROM")
      note_variable(Kind::lost, variable, text + ": set [mail] from in Rota's configuration");
    if (variable.name == "LOGNAME" || variable.name == "USER")
      note_variable(Kind::changed, variable,
                    text + " is left out: cron sets it to the user, and so does Rota");
    if (variable.name == "TZ")
      note_variable(Kind::changed, variable,
                    text + " is what the commands see; as in cron it moves no schedule, which CRON_TZ does");
  }

  Import take() {
    note_differences();
    std::stable_sort(import_.notes.begin(), import_.notes.end(),
                     [](const ImportNote& left, const ImportNote& right) { return left.line < right.line; });
    return std::move(import_);
  }

 private:
  void note(Kind kind, const CrontabEntry& entry, std::string text, int column = 0) {
    import_.notes.push_back({kind, entry.line, column, std::move(text)});
  }
  void note_variable(Kind kind, const CrontabVariable& variable, std::string text) {
    import_.notes.push_back({kind, variable.line, 0, std::move(text)});
  }

  // False, with a note, for a schedule that Rota does not have.
  bool set_schedule(ImportedJob& job, const CrontabEntry& entry) {
    const int first_column = entry.fields.front().column;
    if (entry.fields.front().text == "@reboot") {
      note(Kind::lost, entry,
           "@reboot is no time of the calendar: make it a systemd unit, systemd.service(5)", first_column);
      return false;
    }
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < entry.fields.size(); ++i) {
      begins.push_back(job.schedule.size() + (i == 0 ? 0 : 1));
      job.schedule += (i == 0 ? "" : " ") + with_ranges(entry.fields[i].text, i);
    }
    const std::string fields = job.schedule;
    if (const std::string zone = zone_of(entry); !zone.empty()) job.schedule += " in " + zone;
    try {
      parse_schedule(job.schedule);
    } catch (const ScheduleError& error) {
      note(Kind::lost, entry, error.what(), column_of(entry, fields, begins, error.position()));
      return false;
    }
    if (fields != schedule_text(entry))
      note(Kind::changed, entry,
           quoted(schedule_text(entry)) + " is written " + quoted(fields) +
               ": a step needs a range, in Debian's cron and in cronie too",
           first_column);
    return true;
  }

  // Where in the line stands what the schedule's error is about.
  static int column_of(const CrontabEntry& entry, const std::string& fields,
                       const std::vector<std::size_t>& begins, std::size_t position) {
    if (position >= fields.size()) return 0;
    std::size_t field = 0;
    while (field + 1 < begins.size() && begins[field + 1] <= position) ++field;
    const std::size_t inside = std::min(position - begins[field], entry.fields[field].text.size());
    return entry.fields[field].column + static_cast<int>(inside);
  }

  static void set_environment(ImportedJob& job, const CrontabEntry& entry) {
    constexpr std::array<std::string_view, 6> kCronsOwn{"MAILTO",  "MAILFROM", "CRON_TZ",
                                                        "LOGNAME", "USER",     "RANDOM_DELAY"};
    for (const auto& [name, value] : entry.variables)
      if (std::find(kCronsOwn.begin(), kCronsOwn.end(), name) == kCronsOwn.end())
        job.command.environment.emplace(name, value);
  }

  void set_user_and_directory(ImportedJob& job, const CrontabEntry& entry) {
    job.command.user = entry.user.empty() ? options_.user : entry.user;
    if (const std::string* home = find(entry, "HOME"); home != nullptr && home->starts_with('/')) {
      job.command.directory = *home;
      return;
    }
    const auto home = options_.homes.find(job.command.user);
    if (home != options_.homes.end()) {
      job.command.directory = home->second;
      return;
    }
    if (job.command.user.empty())
      unknown_home_ = true;
    else
      note(Kind::changed, entry,
           "the home of user " + quoted(job.command.user) +
               " is not known here, so the job starts in /; set its directory");
  }

  static void set_command(ImportedJob& job, const CrontabEntry& entry) {
    job.command.standard_input = entry.standard_input;
    const std::string* shell = find(entry, "SHELL");
    if (shell == nullptr || shell->empty() || *shell == "/bin/sh")
      job.shell = entry.command;
    else
      job.command.arguments = {*shell, "-c", entry.command};
  }

  void set_spread(ImportedJob& job, const CrontabEntry& entry) {
    const std::string* delay = find(entry, "RANDOM_DELAY");
    if (delay == nullptr) return;
    int minutes = -1;
    const char* end = delay->data() + delay->size();
    if (const auto read = std::from_chars(delay->data(), end, minutes);
        read.ec != std::errc{} || read.ptr != end || minutes < 0 || minutes > 1440) {
      note(Kind::lost, entry, "RANDOM_DELAY=" + quoted(*delay) + ": expected minutes, from 0 to 1440");
      return;
    }
    if (minutes == 0) return;
    job.spread = std::chrono::minutes{minutes};
    note(Kind::changed, entry,
         "RANDOM_DELAY=" + std::to_string(minutes) +
             " is written as spread: each job's delay is fixed, drawn from its name, instead of random");
  }

  void note_differences() {
    if (import_.jobs.empty()) return;
    const auto differs = [this](std::string text) {
      import_.notes.push_back({Kind::differs, 0, 0, std::move(text)});
    };
    differs(
        "catch_up = \"skip\" is cron's way: what passed while the machine was down is forgotten; "
        "remove the line and the latest missed occurrence is caught up");
    differs(
        "a run that is due while the one before still runs is skipped and recorded; "
        "overlap = \"parallel\" starts it all the same, as cron does");
    differs("timeout = \"24h\" stops a run after a day; cron has no timeout: set what the job needs");
    if (std::any_of(import_.jobs.begin(), import_.jobs.end(),
                    [](const ImportedJob& job) { return job.command.environment.count("PATH") == 0; }))
      differs(
          "without a PATH in the crontab cron's is /usr/bin:/bin; a job gets Rota's: "
          "set PATH in its environment if it matters");
    if (unknown_home_)
      differs(
          "cron starts a command in its user's home; which user is not known here, so jobs start in / as "
          "the supervisor's user: name the user with --user, or set directory and user");
  }

  const ImportOptions& options_;
  Import import_;
  std::set<std::string, std::less<>> names_;
  bool unknown_home_ = false;
};

}  // namespace

bool Import::is_complete() const {
  return std::none_of(notes.begin(), notes.end(),
                      [](const ImportNote& note) { return note.kind == Kind::lost; });
}

Import to_jobs(const Crontab& crontab, const ImportOptions& options) {
  Converter converter{options};
  for (const CrontabVariable& variable : crontab.variables) converter.add(variable);
  for (const CrontabEntry& entry : crontab.entries) converter.add(entry);
  for (const CrontabProblem& problem : crontab.problems) converter.add(problem);
  return converter.take();
}

}  // namespace rota
