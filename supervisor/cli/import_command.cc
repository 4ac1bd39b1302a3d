#include "supervisor/cli/import_command.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

#include "common/schedule/zone_names.h"
#include "common/time/rfc3339.h"
#include "supervisor/cli/printable.h"
#include "supervisor/cli/start_option.h"
#include "supervisor/crontab/compare.h"
#include "supervisor/crontab/read_crontab.h"
#include "supervisor/crontab/report.h"
#include "supervisor/crontab/report_json.h"
#include "supervisor/crontab/to_jobs.h"
#include "supervisor/crontab/write_job_file.h"

namespace rota {
namespace {

namespace fs = std::filesystem;
using std::chrono::sys_seconds;

struct ImportCommandOptions {
  std::string file;
  bool system = false;
  std::string user;
  std::string prefix;
  std::string output;
  std::string directory;
  std::string zone;
  std::string from;
  int count = 3;
  bool json = false;
};

std::string read_all(const std::string& file) {
  if (file == "-") return {std::istreambuf_iterator<char>{std::cin}, {}};
  std::error_code error;
  if (fs::is_directory(file, error))
    throw std::invalid_argument{file +
                                ": expected a crontab, found a directory; import its files one by one"};
  std::ifstream stream{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{stream}, {}};
  if (!stream.is_open() || stream.bad())
    throw std::system_error{errno, std::generic_category(), file + ": cannot be read"};
  return text;
}

CrontabForm form_of(const ImportCommandOptions& options) {
  const std::string path = fs::absolute(options.file).lexically_normal();
  const bool system = options.system || path == "/etc/crontab" || path.starts_with("/etc/cron.d/");
  return system ? CrontabForm::system : CrontabForm::user;
}

std::map<std::string, std::string, std::less<>> homes_of(const Crontab& crontab, const std::string& user) {
  std::map<std::string, std::string, std::less<>> homes;
  const auto add = [&homes](const std::string& name) {
    if (name.empty() || homes.count(name) != 0) return;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the command has one thread
    if (const passwd* found = getpwnam(name.c_str())) homes.emplace(name, found->pw_dir);
  };
  add(user);
  for (const CrontabEntry& entry : crontab.entries) add(entry.user);
  return homes;
}

// That of the system form is the name of a user.
bool begins_with_a_user(const CrontabEntry& entry) {
  const std::size_t end = entry.command.find_first_of(" \t");
  if (end == std::string::npos) return false;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the command has one thread
  return getpwnam(entry.command.substr(0, end).c_str()) != nullptr;
}

// A crontab of the other form can be read too, and then nothing that it says would run.
void note_the_other_form(const Crontab& crontab, Import& import) {
  const auto suspicious = std::count_if(crontab.entries.begin(), crontab.entries.end(), begins_with_a_user);
  if (2 * suspicious <= std::ssize(crontab.entries)) return;
  import.notes.push_back(
      {ImportNote::Kind::differs, 0, 0,
       "most commands begin with the name of a user, as if this were a system crontab: if it "
       "is one, import it with --system"});
}

void check(const ImportCommandOptions& options) {
  if (options.prefix.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos ||
      options.prefix.size() > 20)
    throw std::invalid_argument{"--prefix \"" + options.prefix + "\": expected at most 20 of a-z, 0-9 and _"};
  if (options.user.find_first_of(":/ \t\n") != std::string::npos)
    throw std::invalid_argument{"--user \"" + options.user + "\": expected the name of a user"};
  if (!options.zone.empty() && !is_known_zone(options.zone))
    throw std::invalid_argument{"--zone \"" + options.zone +
                                "\": expected an IANA name such as Europe/Brussels"};
}

// The job file's path; empty: standard output.
fs::path target_of(const ImportCommandOptions& options) {
  if (options.directory.empty()) return options.output;
  const std::string name = options.file == "-" ? "crontab" : fs::path{options.file}.stem().string();
  return fs::path{options.directory} / (name + ".toml");
}

// Others must not write a job file, or the supervisor refuses it.
void write_new_file(const fs::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0)
    throw std::system_error{
        errno, std::generic_category(),
        path.string() +
            (errno == EEXIST ? ": is left as it is; name another file or move it away" : ": cannot be made")};
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int reason = errno;
      close(file);
      unlink(path.c_str());
      throw std::system_error{reason, std::generic_category(), path.string() + ": cannot be written"};
    }
    written += static_cast<std::size_t>(count);
  }
  close(file);
}

void print_text(const std::string& text, const fs::path& target, const std::string& job_file) {
  if (target.empty()) {
    std::cout << job_file << std::flush;
    std::cerr << text;
  } else {
    std::cout << text << "\nThe jobs are in " << target.string() << std::endl;
  }
}

void print_json(boost::json::object object, const fs::path& target, const std::string& job_file) {
  if (target.empty())
    object["job_file"] = job_file;
  else
    object["written_to"] = target.string();
  std::cout << boost::json::serialize(object) << std::endl;
}

bool import_crontab(const ImportCommandOptions& options) {
  check(options);
  const sys_seconds from = start_option(options.from);
  const Crontab crontab = read_crontab(read_all(options.file), form_of(options));
  Import import = to_jobs(
      crontab, {.user = options.user, .prefix = options.prefix, .homes = homes_of(crontab, options.user)});
  if (form_of(options) == CrontabForm::user) note_the_other_form(crontab, import);
  const std::string source = options.file == "-" ? "standard input" : options.file;
  const std::string job_file = write_job_file(import.jobs, source);
  const std::string zone = options.zone.empty() ? system_zone() : options.zone;
  const auto compared = compare(import.jobs, job_file, zone, from, options.count);
  const fs::path target = target_of(options);
  if (!target.empty()) write_new_file(target, job_file);
  if (options.json)
    print_json(report_as_json(import, compared, source), target, job_file);
  else
    print_text(printable_text(report(import, compared, source)), target, job_file);
  return import.is_complete();
}

}  // namespace

void add_import_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<ImportCommandOptions>();
  const Subcommand import = app.add("import", "Turn what other schedulers run into jobs");
  import.require_subcommand();
  const Subcommand command = import.add("crontab", "Make a job file of a crontab and compare when both run");
  command.option("file", options->file, "The crontab; - is standard input").required().not_empty();
  command.flag("--system", options->system,
               "Each entry names a user, as in /etc/crontab and /etc/cron.d, where it is the default");
  command.option("--user", options->user, "Whose crontab it is");
  command.option("--prefix", options->prefix, "Begin each job's name with this");
  const auto output =
      command.option("--output", options->output, "Write the job file here, where no file is yet");
  command.option("--directory", options->directory, "Write it here, named after the crontab")
      .excludes(output);
  command.option("--zone", options->zone, "Time zone of entries without CRON_TZ (default: the system's)");
  command.option("--from", options->from, "Compare what comes after this instant, RFC 3339 (default: now)");
  command.option("--count", options->count, "How many occurrences of each job to compare")
      .in_range(1, 1000)
      .show_default();
  command.flag("--json", options->json,
               "Print the report, and the job file unless it is written, as one object");
  command.callback([options, &exit_status] {
    try {
      exit_status = import_crontab(*options) ? 0 : 1;
    } catch (const std::exception& error) {
      std::cerr << "rota import crontab: " << printable_text(error.what()) << '\n';
      exit_status = 2;
    }
  });
}

}  // namespace rota
