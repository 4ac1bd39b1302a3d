#include <doctest/doctest.h>

#include "common/configuration/load_configuration.h"
#include "tests/common/configuration/configuration_directory.h"

using namespace std::chrono_literals;
using rota::CatchUpPolicy;
using rota::ConfigurationDirectory;
using rota::DependencyPolicy;
using rota::JobSettings;
using rota::kKey;
using rota::OverlapPolicy;
using rota::RetryPolicy;

namespace {

JobSettings read(const std::string& keys) {
  const ConfigurationDirectory directory;
  const auto jobs = directory.load(kKey + "[groups.disk]\nlimit = 2\n[jobs.one]\n" + keys).jobs;
  return jobs.find("one")->second;
}

}  // namespace

TEST_CASE("policies are read in their short and their long form") {
  const JobSettings job = read(R"(
overlap = { rule = "parallel", limit = 3 }
catch_up = { rule = "all", limit = 5, window = "2h" }
misfire_grace = "90 s"
retry = { limit = 3, delay = "1 s", factor = 1.5, longest_delay = "1 m", jitter = 0, on = ["crashed", "lost"] }
after = ["two", "three"]
on = "always"
group = "disk"
priority = -7
spread = "10 minutes"
finish_within = "1h"
success_within = "2 days"
history = { rows_for = "1 day", logs_per_job = 3 }
)");
  CHECK(job.overlap == OverlapPolicy{OverlapPolicy::Rule::parallel, 3});
  CHECK(job.catch_up == CatchUpPolicy{CatchUpPolicy::Rule::all, 5, 2h});
  CHECK(job.misfire_grace == 90s);
  CHECK(job.retry == RetryPolicy{3, 1s, 1.5, 1min, 0, false, false, true, true});
  CHECK(job.dependencies == DependencyPolicy{{"two", "three"}, DependencyPolicy::On::always});
  CHECK(job.group == "disk");
  CHECK(job.priority == -7);
  CHECK(job.spread == 10min);
  CHECK(job.finish_within == 1h);
  CHECK(job.success_within == 48h);
  CHECK(job.retention == rota::RetentionRules{24h, std::nullopt, 24h * 90, 3});
  CHECK(read("overlap = 'replace'").overlap == OverlapPolicy{OverlapPolicy::Rule::replace, 1});
  CHECK(read("overlap = 'parallel'").overlap == OverlapPolicy{OverlapPolicy::Rule::parallel, 10});
  CHECK(read("catch_up = 'skip'").catch_up == CatchUpPolicy{CatchUpPolicy::Rule::skip});
  CHECK(read("retry = 2").retry == RetryPolicy{2});
  CHECK(read("after = []").dependencies == DependencyPolicy{});
}

TEST_CASE("keys that are left out stay unset") {
  const JobSettings job = read("");
  CHECK(job.enabled);
  CHECK_FALSE(job.command);
  CHECK_FALSE(job.schedule);
  CHECK_FALSE(job.overlap);
  CHECK_FALSE(job.catch_up);
  CHECK_FALSE(job.misfire_grace);
  CHECK_FALSE(job.retry);
  CHECK_FALSE(job.dependencies);
  CHECK_FALSE(job.group);
  CHECK_FALSE(job.priority);
  CHECK_FALSE(job.spread);
  CHECK_FALSE(job.retention);
}

TEST_CASE("a history table of a job adds to the history table of all") {
  const ConfigurationDirectory directory;
  const auto jobs = directory
                        .load(kKey +
                              "[history]\nrows_per_job = 9\nlogs_for = 'forever'\n"
                              "[jobs.one]\nhistory = { rows_for = '1 day' }\n")
                        .jobs;
  CHECK(jobs.find("one")->second.retention == rota::RetentionRules{24h, 9, std::nullopt, std::nullopt});
}

TEST_CASE("a command is read with all that the worker prepares for it") {
  const auto command = read(R"(
command = ["/usr/bin/printf", "%s", ""]
directory = "/srv"
environment = { NAME = "value", COUNT = 3 }
pass_environment = ["TZ"]
user = "nobody"
user_group = 1000
umask = "027"
nice = 19
io_class = "best-effort"
limits = { memory = "512 MiB", cpu = "10 minutes", open_files = 1024, processes = 64, file_size = "1 GiB", cpu_share = 150 }
no_new_privileges = true
private_network = true
read_only_paths = ["/", "/etc"]
success_exit_codes = [0, 3]
standard_input = "text"
)")
                           .command;
  REQUIRE(command);
  rota::Command expected;
  expected.arguments = {"/usr/bin/printf", "%s", ""};
  expected.directory = "/srv";
  expected.environment = {{"COUNT", "3"}, {"NAME", "value"}};
  expected.pass_environment = {"TZ"};
  expected.user = "nobody";
  expected.group = "1000";
  expected.umask = 027;
  expected.nice = 19;
  expected.io_class = rota::IoClass::best_effort;
  expected.limits = {std::uint64_t{512} << 20, 10min, 1024, 64, std::uint64_t{1} << 30, 150};
  expected.confinement = {true, true, {"/", "/etc"}};
  expected.success_exit_codes = {0, 3};
  expected.standard_input = "text";
  CHECK(*command == expected);
}

TEST_CASE("a job of a module may have limits too") {
  const auto job = read("limits = { memory = '1 GiB' }");
  CHECK_FALSE(job.command);
  CHECK(job.limits.memory_bytes == std::uint64_t{1} << 30);
}

TEST_CASE("a shell line becomes a command of the shell with the defaults") {
  rota::Command expected;
  expected.arguments = {"/bin/sh", "-c", "echo one | wc -l"};
  CHECK(read("shell = 'echo one | wc -l'").command == expected);
}

TEST_CASE("every fault of a job is named with its place and what was expected") {
  const ConfigurationDirectory directory;
  struct Fault {
    std::string keys;
    std::vector<std::string> said;
  };
  const std::vector<Fault> faults{
      {"on = 'failure'", {"rota.toml:6:6", "jobs.one.on", "after"}},
      {"after = ['two']\non = 'sucess'", {"jobs.one.on", "\"success\""}},
      {"after = ['two', 'two']", {"jobs.one.after", "twice"}},
      {"after = ['t w o']", {"jobs.one.after", "letters"}},
      {"overlap = 'queued'", {"jobs.one.overlap", "queued", "\"queue\""}},
      {"overlap = { limit = 3 }", {"jobs.one.overlap.rule", "missing"}},
      {"overlap = { rule = 'queue', limit = 0 }", {"jobs.one.overlap.limit", "from 1"}},
      {"overlap = { rule = 'replace', limit = 2 }", {"jobs.one.overlap.limit", "\"parallel\""}},
      {"catch_up = { rule = 'all', limt = 3 }", {"jobs.one.catch_up.limt", "did you mean limit"}},
      {"catch_up = { rule = 'once', limit = 3 }", {"jobs.one.catch_up.limit", "\"all\""}},
      {"catch_up = { rule = 'skip', window = '1h' }", {"jobs.one.catch_up.window"}},
      {"misfire_grace = '1500 ms'", {"jobs.one.misfire_grace", "whole seconds"}},
      {"misfire_grace = '0 s'", {"jobs.one.misfire_grace", "above zero"}},
      {"retry = -1", {"jobs.one.retry", "from 0"}},
      {"retry = { delay = '1 s' }", {"jobs.one.retry.limit", "missing"}},
      {"retry = { limit = 1, factor = 0.5 }", {"jobs.one.retry.factor", "from 1 to 100"}},
      {"retry = { limit = 1, factor = nan }", {"jobs.one.retry.factor"}},
      {"retry = { limit = 1, jitter = 2 }", {"jobs.one.retry.jitter", "from 0 to 1"}},
      {"retry = { limit = 1, on = ['timeout'] }", {"jobs.one.retry.on", "timed_out"}},
      {"retry = { limit = 1, delay = '1h', longest_delay = '1m' }", {"jobs.one.retry.longest_delay"}},
      {"group = 'disc'", {"rota.toml:6:9", "jobs.one.group", "[groups.disc]", "did you mean disk"}},
      {"priority = 101", {"jobs.one.priority", "from -100 to 100"}},
      {"spread = '-1 s'", {"jobs.one.spread"}},
      {"finish_within = '0 s'", {"jobs.one.finish_within", "above zero"}},
      {"history = { rows_fr = 'x' }", {"jobs.one.history.rows_fr", "did you mean rows_for"}},
      {"allow_overlap = true", {"jobs.one.allow_overlap", "unknown key"}},
      {"command = ['x']\nshell = 'x'", {"rota.toml:7:9", "jobs.one.shell", "either"}},
      {"command = 'x -y'", {"jobs.one.command", "x -y", "list of texts"}},
      {"command = ['']", {"jobs.one.command"}},
      {"command = [3]", {"jobs.one.command"}},
      {"command = []", {"jobs.one.command"}},
      {"shell = ''", {"jobs.one.shell"}},
      {"nice = 3", {"jobs.one.nice", "command or shell"}},
      {"limits = { memory = 'much' }", {"jobs.one.limits.memory", "much"}},
      {"shell = 'x'\numask = '28'", {"jobs.one.umask", "28", "octal"}},
      {"shell = 'x'\numask = 27", {"jobs.one.umask", "text"}},
      {"shell = 'x'\numask = '7777'", {"jobs.one.umask", "777"}},
      {"shell = 'x'\nnice = 20", {"jobs.one.nice", "from -20 to 19"}},
      {"shell = 'x'\nio_class = 'realtime'", {"jobs.one.io_class", "best-effort"}},
      {"shell = 'x'\nuser = 'a:b'", {"jobs.one.user", "name or a number"}},
      {"shell = 'x'\nuser = -1", {"jobs.one.user"}},
      {"shell = 'x'\nsuccess_exit_codes = [256]", {"jobs.one.success_exit_codes", "255"}},
      {"shell = 'x'\nsuccess_exit_codes = []", {"jobs.one.success_exit_codes", "empty"}},
      {"shell = 'x'\nenvironment = { 'a=b' = 'c' }", {"jobs.one.environment", "a=b"}},
      {"shell = 'x'\nenvironment = { A = \"x\\u0000y\" }", {"jobs.one.environment", "zero"}},
      {"shell = 'x'\npass_environment = ['A=B']", {"jobs.one.pass_environment"}},
      {"shell = 'x'\nlimits = { memory = 1 }", {"jobs.one.limits.memory", "1 KiB"}},
      {"shell = 'x'\nlimits = { cpu = '100 ms' }", {"jobs.one.limits.cpu", "whole seconds"}},
      {"shell = 'x'\nlimits = { cpu_share = 0 }", {"jobs.one.limits.cpu_share", "from 1"}},
      {"shell = 'x'\nread_only_paths = ['etc']", {"jobs.one.read_only_paths", "etc", "absolute"}},
      {"shell = 'x'\nread_only_paths = '/etc'", {"jobs.one.read_only_paths", "list of texts"}},
      {"shell = 'x'\nprivate_network = 1", {"jobs.one.private_network"}},
      {"no_new_privileges = true", {"jobs.one.no_new_privileges", "command or shell"}},
      {"shell = 'x'\nlimits = { files = 3 }", {"jobs.one.limits.files", "unknown key"}},
  };
  for (const Fault& fault : faults) {
    CAPTURE(fault.keys);
    const std::string said =
        directory.fault(kKey + "[groups.disk]\nlimit = 2\n[jobs.one]\n" + fault.keys + "\n");
    for (const std::string& expected : fault.said)
      CHECK_MESSAGE(said.find(expected) != std::string::npos, said);
  }
}

TEST_CASE("a name of a job that no job can have is refused") {
  const ConfigurationDirectory directory;
  for (const char* name : {"'a b'", "'-a'", "''", "'é'"})
    CHECK(directory.fault(kKey + "[jobs." + name + "]\nshell = 'x'\n").find("expected another name") !=
          std::string::npos);
  CHECK(directory.fault(kKey + "[jobs." + std::string(65, 'a') + "]\nshell = 'x'\n").find("another name") !=
        std::string::npos);
  CHECK(directory.fault(kKey + "[jobs." + std::string(64, 'a') + "]\nshell = 'x'\n") == "no fault");
}

TEST_CASE("command and environment and standard input fit a message of the pipe protocol together") {
  const ConfigurationDirectory directory;
  const auto fault_of = [&](const std::string& keys) {
    return directory.fault(kKey + "[jobs.one]\ncommand = ['cat']\n" + keys);
  };
  const std::string almost(48 * 1024 - 100, 'x');
  CHECK(fault_of("standard_input = '" + almost + "'\n") == "no fault");
  const std::string said =
      fault_of("standard_input = '" + almost + "'\nenvironment = { A = '" + std::string(100, 'y') + "' }\n");
  CHECK(said.find("jobs.one.standard_input") != std::string::npos);
  CHECK(said.find("49152") != std::string::npos);
  CHECK_MESSAGE(said.find("xxx") == std::string::npos, "the text itself is not shown");
  // A newline is two bytes in JSON.
  CHECK(fault_of("standard_input = '''" + std::string(30'000, '\n') + "'''\n").find("bytes together") !=
        std::string::npos);
}
