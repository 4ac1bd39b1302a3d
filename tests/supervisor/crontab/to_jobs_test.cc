#include "supervisor/crontab/to_jobs.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "supervisor/crontab/job_name.h"

namespace {

using rota::CrontabForm;
using rota::Import;
using rota::ImportedJob;
using rota::ImportNote;
using Kind = rota::ImportNote::Kind;

Import import(std::string_view text, const rota::ImportOptions& options = {},
              CrontabForm form = CrontabForm::user) {
  return to_jobs(read_crontab(text, form), options);
}

ImportedJob only_job(std::string_view text, const rota::ImportOptions& options = {},
                     CrontabForm form = CrontabForm::user) {
  const Import imported = import(text, options, form);
  CAPTURE(text);
  REQUIRE(imported.jobs.size() == 1);
  return imported.jobs.front();
}

bool notes(const Import& imported, Kind kind, int line, std::string_view text) {
  return std::any_of(imported.notes.begin(), imported.notes.end(), [&](const ImportNote& note) {
    return note.kind == kind && note.line == line && note.text.find(text) != std::string::npos;
  });
}

}  // namespace

TEST_CASE("a schedule is carried over as it is with its zone") {
  const struct {
    std::string crontab;
    std::string schedule;
  } kRows[] = {
      {"20 2 * * 1-5 x", "20 2 * * 1-5"},
      {"CRON_TZ=Europe/Brussels\n20 2 * * 1-5 x", "20 2 * * 1-5 in Europe/Brussels"},
      {"CRON_TZ=:Asia/Tokyo\n@daily x", "@daily in Asia/Tokyo"},
      {"CRON_TZ=\n@daily x", "@daily"},
      {"TZ=Asia/Tokyo\n@daily x", "@daily"},
      {"0 0 * jan,Jul 7 x", "0 0 * jan,Jul 7"},
      {"5/15 * * * * x", "5-59/15 * * * *"},
      {"1,5/20 2/4 3/9 2/5 1/2 x", "1,5-59/20 2-23/4 3-31/9 2-12/5 1-6/2"},
      {"*/5 1-9/2 * * * x", "*/5 1-9/2 * * *"},
  };
  for (const auto& row : kRows) CHECK(only_job(row.crontab).schedule == row.schedule);
}

TEST_CASE("what has no counterpart is lost with its line and column and remedy") {
  const struct {
    std::string crontab;
    int line;
    int column;
    const char* text;
  } kRows[] = {
      {"@reboot x", 1, 1, "systemd"},     {"\n @every_minute x", 2, 2, "@hourly"},
      {"5  25 * * * x", 1, 4, "hour"},    {"0 1 * * 1-2,9 x", 1, 13, "day of week"},
      {"0~30 1 * * * x", 1, 1, "minute"}, {"0 22-2 * * * x", 1, 3, "ascends"},
      {"0 0 30 2 * x", 1, 5, "never"},    {"CRON_TZ=Mars/Olympus\n0 0 * * * x", 2, 0, "Mars/Olympus"},
      {"0 0 * * *", 1, 10, "command"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.crontab);
    const Import imported = import(row.crontab);
    CHECK(imported.jobs.empty());
    CHECK(imported.entries == 1);
    CHECK_FALSE(imported.is_complete());
    REQUIRE(imported.notes.size() == 1);
    CHECK(imported.notes[0].kind == Kind::lost);
    CHECK(imported.notes[0].line == row.line);
    CHECK(imported.notes[0].column == row.column);
    CHECK(imported.notes[0].text.find(row.text) != std::string::npos);
  }
}

TEST_CASE("the shell of cron runs the command") {
  CHECK(only_job("@daily run it").shell == "run it");
  CHECK(only_job("SHELL=/bin/sh\n@daily run it").shell == "run it");
  const ImportedJob job = only_job("SHELL=/bin/bash\n@daily run it%in");
  CHECK(job.shell.empty());
  CHECK(job.command.arguments == std::vector<std::string>{"/bin/bash", "-c", "run it"});
  CHECK(job.command.standard_input == "in\n");
}

TEST_CASE("variables are the environment but for those that speak to cron") {
  const ImportedJob job = only_job(
      "A=1\nPATH=/opt/bin\nHOME=/srv\nTZ=Asia/Tokyo\nSHELL=/bin/"
      "zsh\nMAILTO=a@example.org\nMAILFROM=b@example.org\n"
      "CRON_TZ=Asia/Tokyo\nLOGNAME=x\nUSER=x\nRANDOM_DELAY=5\n@daily run");
  const std::map<std::string, std::string, std::less<>> expected{
      {"A", "1"}, {"HOME", "/srv"}, {"PATH", "/opt/bin"}, {"SHELL", "/bin/zsh"}, {"TZ", "Asia/Tokyo"}};
  CHECK(job.command.environment == expected);
  CHECK(job.command.directory == "/srv");
  CHECK(job.spread == std::chrono::minutes{5});
}

TEST_CASE("each variable that speaks to cron is told of with its line") {
  const Import imported = import(
      "MAILTO=a@example.org\nMAILTO=\"\"\nMAILFROM=b@example.org\nLOGNAME=x\nTZ=Asia/Tokyo\nRANDOM_DELAY=5\n"
      "@daily a\n-@daily b\nRANDOM_DELAY=soon\n@daily c");
  CHECK(notes(imported, Kind::lost, 1, "[mail] to"));
  CHECK(notes(imported, Kind::lost, 2, "no output"));
  CHECK(notes(imported, Kind::lost, 3, "[mail] from"));
  CHECK(notes(imported, Kind::changed, 4, "LOGNAME"));
  CHECK(notes(imported, Kind::changed, 5, "CRON_TZ"));
  CHECK(notes(imported, Kind::changed, 7, "fixed"));
  CHECK(notes(imported, Kind::changed, 8, "the - before"));
  CHECK(notes(imported, Kind::lost, 10, "RANDOM_DELAY"));
  CHECK(imported.jobs.size() == 3);
}

TEST_CASE("a job starts in the home of its user where that is known") {
  const rota::ImportOptions options{.user = "deploy", .prefix = "", .homes = {{"deploy", "/home/deploy"}}};
  CHECK(only_job("@daily x", options).command.directory == "/home/deploy");
  CHECK(only_job("@daily x", options).command.user == "deploy");
  CHECK(only_job("@daily deploy x", {.homes = options.homes}, CrontabForm::system).command.directory ==
        "/home/deploy");
  CHECK(only_job("@daily x").command.directory == "/");
  CHECK(notes(import("@daily x"), Kind::differs, 0, "--user"));
  CHECK_FALSE(notes(import("@daily x", options), Kind::differs, 0, "--user"));
  CHECK(notes(import("@daily nobody-here x", {}, CrontabForm::system), Kind::changed, 1, "nobody-here"));
}

TEST_CASE("what Rota does otherwise than cron is told once and is no loss") {
  const Import imported = import("@daily a\n@daily b\n");
  CHECK(imported.is_complete());
  for (const char* text : {"catch_up", "overlap", "timeout", "PATH"})
    CHECK(std::count_if(imported.notes.begin(), imported.notes.end(), [text](const ImportNote& note) {
            return note.text.find(text) != std::string::npos;
          }) == 1);
}

TEST_CASE("a job is named after the program that its command is about") {
  const struct {
    std::string command;
    std::string name;
  } kRows[] = {
      {"/usr/local/bin/Backup-DB.sh --all", "backup_db"},
      {"A=1 B='x y' /opt/run", "run"},
      {"sudo -u www-data /opt/send", "send"},
      {"nice -n 10 ionice -c3 /opt/run", "run"},
      {"timeout -k 10 30m sync_stock", "sync_stock"},
      {"/usr/bin/flock -n /tmp/a.lock /opt/queue", "queue"},
      {"flock -w 5 /tmp/a.lock -c 'cd /opt && ./queue --all'", "queue"},
      {"cd /opt && ./bin/run", "run"},
      {"[ -x /opt/a ] && /opt/a", "a"},
      {"test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )", "cron_daily"},
      {"/usr/bin/python3.11 -u /opt/scrape.py", "scrape"},
      {"python -m embeddings.clean", "embeddings_clean"},
      {"bash -c 'true'", "bash"},
      {"php artisan schedule:run", "artisan"},
      {"tidy>/dev/null 2>&1", "tidy"},
      {"tidy 2>&1 | logger", "tidy"},
      {"\"/opt/my tools/run it\" now", "run_it"},
      {">> /var/log/tidy.log tidy", "tidy"},
      {"bash < /opt/script", "bash"},
      {"sh ''", "job"},
      {"sudo", "job"},
      {"'", "job"},
      {"&& || ;", "job"},
      {"caf\xc3\xa9", "caf"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.command);
    CHECK(rota::program_name(row.command) == row.name);
  }
}

TEST_CASE("names are made unique and kept short with the prefix") {
  const Import imported = import("@daily run\n@daily run\n@daily run\n", {.prefix = "shop_"});
  REQUIRE(imported.jobs.size() == 3);
  CHECK(imported.jobs[0].name == "shop_run");
  CHECK(imported.jobs[1].name == "shop_run_2");
  CHECK(imported.jobs[2].name == "shop_run_3");
  std::set<std::string, std::less<>> taken;
  const std::string name(60, 'a');
  CHECK(rota::unique_name("", name, taken) == std::string(40, 'a'));
  CHECK(rota::unique_name("", name, taken) == std::string(38, 'a') + "_2");
}
