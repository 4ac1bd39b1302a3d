#include <doctest/doctest.h>

#include <thread>

#include "common/configuration/load_configuration.h"
#include "tests/common/configuration/configuration_directory.h"

using namespace std::chrono_literals;
using rota::Configuration;
using rota::ConfigurationDirectory;
using rota::ConfigurationError;
using rota::kKey;

TEST_CASE("a whole file is read into its values") {
  const ConfigurationDirectory directory;
  const Configuration configuration = directory.load(R"(
[supervisor]
zone = "Europe/Brussels"
database = "data/rota.db"
module_directories = ["jobs", "/elsewhere"]
threads = 3
processes = 5
run_log_limit = "64 KiB"
control_socket = "rota.sock"
control_group = "operators"
[groups.disk]
limit = 2
[history]
rows_for = "forever"
rows_per_job = 1000
logs_for = "30 days"
[http]
listen = "[::1]:8000"
[http.jwt]
algorithm = "HS256"
secret_file = "secret"
audience = "here"
[mail]
host = "mail.example.org"
port = 587
username = "rota"
password_file = "secret"
from = "rota@example.org"
to = ["one@example.org", "two@example.org"]
summary_period = "30 minutes"
[jobs.one]
schedule = "every monday at 02:00"
timeout = "1h30m"
overlap = "queue"
parameters = { lines = 10, name = "x", fast = true }
[jobs.two]
enabled = false
)");
  CHECK(configuration.database == directory.path() / "data/rota.db");
  CHECK(configuration.module_directories ==
        std::vector<std::filesystem::path>{directory.path() / "jobs", "/elsewhere"});
  CHECK(configuration.threads == 3);
  CHECK(configuration.processes == 5);
  CHECK(configuration.run_log_limit_bytes == 65536);
  CHECK(configuration.control_socket == directory.path() / "rota.sock");
  CHECK(configuration.control_group == "operators");
  CHECK(configuration.group_limits.at("disk") == 2);
  CHECK(configuration.retention == rota::RetentionRules{std::nullopt, 1000, 24h * 30, std::nullopt});
  CHECK(configuration.http.address == "::1");
  CHECK(configuration.http.port == 8000);
  CHECK(configuration.http.audience == "here");
  CHECK(configuration.mail.enabled);
  CHECK(configuration.mail.to.size() == 2);
  CHECK(configuration.mail.summary_period == 30min);
  const rota::JobSettings& one = configuration.jobs.find("one")->second;
  REQUIRE(one.schedule);
  CHECK(to_string(*one.schedule) == "every monday at 02:00");
  CHECK(one.timeout == 90min);
  REQUIRE(one.overlap);
  CHECK(one.overlap->rule == rota::OverlapPolicy::Rule::queue);
  CHECK(one.place == directory.path().string() + "/rota.toml:31");
  CHECK(one.parameters == rota::Parameters{{"lines", "10"}, {"name", "x"}, {"fast", "true"}});
  CHECK_FALSE(configuration.jobs.find("two")->second.enabled);
}

TEST_CASE("every fault is named with its place and what was expected") {
  const ConfigurationDirectory directory;
  struct Fault {
    std::string text;
    std::vector<std::string> said;
  };
  const std::vector<Fault> faults{
      {"[supervisor]\nthread = 4\n", {"rota.toml:2:1", "supervisor.thread", "did you mean threads"}},
      {"[supervisr]\n", {"supervisr", "did you mean supervisor"}},
      {"[supervisor]\nthreads = 0\n", {"rota.toml:2:11", "supervisor.threads", "from 1 to 1000"}},
      {"[supervisor]\nprocesses = 'many'\n", {"supervisor.processes", "many", "whole number"}},
      {"[supervisor]\nzone = 'Mars/Phobos'\n", {"supervisor.zone", "Mars/Phobos", "IANA"}},
      {"[supervisor]\nworker = '/no/such/worker'\n", {"supervisor.worker", "executable"}},
      {"[supervisor]\nrun_log_limit = 'huge'\n", {"run_log_limit", "KiB"}},
      {"[supervisor]\nmodule_directories = []\n", {"module_directories", "list"}},
      {"[http]\nlisten = 'localhost'\n", {"http.listen", "port"}},
      {"[http]\nlisten = '127.0.0.1:99999'\n", {"http.listen", "port"}},
      {"[http.jwt]\nalgorithm = 'none'\n", {"http.jwt.algorithm", "HS256"}},
      {"[http.jwt]\nalgorithm = 'RS256'\nsecret_file = 'secret'\n", {"public_key_file"}},
      {"[http.jwt]\nsecret_file = 'missing'\n", {"http.jwt.secret_file", "missing"}},
      {"[http.jwt]\nsecret_file = 'open'\n", {"http.jwt.secret_file", "chmod"}},
      {"[http]\nenabled = 'yes'\n", {"http.enabled", "true or false"}},
      {"[mail]\nhost = 'h'\n", {"mail.from", "mail.to"}},
      {"[mail]\nfrom = 'nobody'\nto = ['x@y']\n", {"mail.from", "address"}},
      {"[mail]\nfrom = 'a@b'\nto = ['x@y\\nBcc: z@w']\n", {"mail.to", "addresses"}},
      {"[mail]\nfrom = 'a@b'\nto = ['x@y']\nusername = 'u'\n", {"password_file"}},
      {"[mail]\nhost = 'far'\nsecurity = 'none'\nfrom = 'a@b'\nto = ['x@y']\nusername = 'u'\npassword_file = "
       "'secret'\n",
       {"mail.security", "clear"}},
      {"[jobs.one]\nschedule = 'every 2 mondays'\n",
       {"jobs.one.schedule", "position 9", "every 2 weeks on monday"}},
      {"[jobs.one]\ntimeout = '5 parsecs'\n", {"jobs.one.timeout", "15 minutes"}},
      {"[jobs.one]\nparameters = { a = [1] }\n", {"jobs.one.parameters.a"}},
      {"[jobs]\none = 3\n", {"jobs.one", "table"}},
      {"[supervisor\n", {"rota.toml:1:"}},
      {"[supervisor]\ncontrol_socket = '" + std::string(120, 'x') + "'\n", {"control_socket", "107"}},
      {"[groups.disk]\n", {"groups.disk.limit", "missing"}},
      {"[groups.disk]\nlimit = 0\n", {"groups.disk.limit", "from 1"}},
      {"[groups.'a b']\nlimit = 1\n", {"groups.a b", "letters"}},
      {"[history]\nrows_for = 'never'\n", {"history.rows_for", "never", "forever"}},
      {"[history]\nlogs_per_job = 0\n", {"history.logs_per_job", "from 1"}},
      {"[history]\nlogs_per_job = 'all'\n", {"history.logs_per_job", "forever"}},
      {"[supervisor]\njobs_directory = 'none'\n", {"jobs_directory", "none"}},
  };
  for (const Fault& fault : faults) {
    CAPTURE(fault.text);
    const std::string said =
        directory.fault(fault.text.find("http.jwt") == std::string::npos ? fault.text + kKey : fault.text);
    for (const std::string& expected : fault.said)
      CHECK_MESSAGE(said.find(expected) != std::string::npos, said);
  }
}

TEST_CASE("all faults of a file are told at once") {
  const ConfigurationDirectory directory;
  const std::string said = directory.fault("[supervisor]\nthreads = 0\nprocesses = 0\n");
  CHECK(said.find("threads") != std::string::npos);
  CHECK(said.find("processes") != std::string::npos);
  CHECK(said.find("secret_file") != std::string::npos);
}

TEST_CASE("authentication is disabled on loopback only") {
  const ConfigurationDirectory directory;
  CHECK(directory.load("", {{"DISABLE_AUTH", "true"}}).http.disable_auth);
  CHECK_FALSE(directory.load(kKey, {{"DISABLE_AUTH", "false"}}).http.disable_auth);
  CHECK(directory.fault("[http]\nlisten = '0.0.0.0:1'\n", {{"DISABLE_AUTH", "true"}}).find("loopback") !=
        std::string::npos);
  CHECK(directory.fault("[http]\nlisten = '0.0.0.0:1'\ndisable_auth = true\n").find("loopback") !=
        std::string::npos);
  CHECK(directory.fault(kKey, {{"DISABLE_AUTH", "yes"}}).find("DISABLE_AUTH") != std::string::npos);
}

TEST_CASE("what a file leaves out has its default") {
  const ConfigurationDirectory directory;
  const Configuration configuration = directory.load(kKey);
  CHECK(configuration.threads == 8);
  CHECK(configuration.processes == static_cast<int>(std::thread::hardware_concurrency()));
  CHECK(configuration.control_socket == "/run/rota/rota.sock");
  CHECK(configuration.control_group == "rota");
  CHECK(configuration.retention == rota::RetentionRules{});
  CHECK(configuration.group_limits.empty());
  CHECK(directory.load("[supervisor]\ncontrol_socket = ''\n" + kKey).control_socket.empty());
}

TEST_CASE("a file that is not there is named") {
  CHECK_THROWS_WITH_AS(rota::load_configuration("/no/such/rota.toml", {}),
                       doctest::Contains("/no/such/rota.toml"), ConfigurationError);
}
