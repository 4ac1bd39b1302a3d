#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/configuration/load_configuration.h"
#include "tests/common/configuration/configuration_directory.h"

using rota::Configuration;
using rota::ConfigurationDirectory;
using rota::ConfigurationError;
using rota::kKey;

namespace {

bool says(const std::string& text, const std::string& expected) {
  CAPTURE(text);
  return text.find(expected) != std::string::npos;
}

}  // namespace

TEST_CASE("job files beside the configuration add their jobs") {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/b.toml", "\n[jobs.two]\nshell = 'x'\n[jobs.three]\nenabled = false\n");
  directory.write("jobs.d/.hidden.toml", "broken");
  directory.write("jobs.d/notes.txt", "broken");
  const Configuration configuration = directory.load(kKey + "[jobs.one]\nshell = 'x'\n");
  CHECK(configuration.jobs.size() == 3);
  CHECK(configuration.jobs.at("two").place == (directory.path() / "jobs.d/b.toml:2").string());
}

TEST_CASE("the jobs directory comes from the file and the environment replaces it") {
  const ConfigurationDirectory directory;
  directory.write("first/a.toml", "[jobs.first]\nshell = 'x'\n");
  directory.write("second/a.toml", "[jobs.second]\nshell = 'x'\n");
  const std::string text = "[supervisor]\njobs_directory = 'first'\n" + kKey;
  CHECK(directory.load(text).jobs.contains("first"));
  const auto jobs = directory.load(text, {{"ROTA_JOBS_DIRECTORY", directory.path() / "second"}}).jobs;
  CHECK(jobs.contains("second"));
  CHECK_FALSE(jobs.contains("first"));
  CHECK(directory.load(kKey).jobs.empty());
  CHECK(says(directory.fault(kKey, {{"ROTA_JOBS_DIRECTORY", "/no/such/directory"}}),
             "ROTA_JOBS_DIRECTORY or --jobs-directory /no/such/directory"));
}

TEST_CASE("a job that stands in two files is named with both places") {
  const ConfigurationDirectory directory;
  const std::string base = directory.path().string();
  directory.write("jobs.d/a.toml", "[jobs.one]\nshell = 'x'\n\n[jobs.two]\nshell = 'x'\n");
  directory.write("jobs.d/b.toml", "\n[jobs.two]\nshell = 'x'\n");
  const std::string said = directory.fault(kKey + "[jobs.one]\nshell = 'x'\n");
  CHECK(says(said, base + "/jobs.d/a.toml:1:7: jobs.one"));
  CHECK(says(said, base + "/rota.toml:3 already"));
  CHECK(says(said, base + "/jobs.d/b.toml:2:7: jobs.two"));
  CHECK(says(said, base + "/jobs.d/a.toml:4 already"));
}

TEST_CASE("a job that stands twice in one file is named with both places") {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/a.toml", "[jobs.one]\nshell = 'x'\n[jobs.one]\nshell = 'y'\n");
  const std::string said = directory.fault(kKey);
  CHECK(says(said, "a.toml:3:"));
  CHECK(says(said, "a.toml:1 already"));
}

TEST_CASE("all faults of all files are told at once") {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/a.toml", "[jobs.a\n");
  directory.write("jobs.d/b.toml", "[jobs.b]\ntimeout = 3\n[supervisor]\n[job.c]\n");
  std::filesystem::create_directories(directory.path() / "jobs.d/c.toml");
  const std::string said = directory.fault("[supervisor]\nthreads = 0\n" + kKey);
  CHECK(says(said, "rota.toml:2:11"));
  CHECK(says(said, "a.toml:1:"));
  CHECK(says(said, "jobs.b.timeout"));
  CHECK(says(said, "b.toml:3:1: supervisor: expected only tables [jobs.NAME]"));
  CHECK(says(said, "job: unknown key; did you mean jobs?"));
  CHECK(says(said, "c.toml: expected a regular file"));
}

TEST_CASE("what others can write is refused") {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/a.toml", "[jobs.one]\nshell = 'x'\n", 0646);
  const std::string base = directory.path().string();
  CHECK(says(directory.fault(kKey), "run: chmod o-w " + base + "/jobs.d/a.toml"));
  directory.write("jobs.d/a.toml", "", 0644);
  chmod((base + "/jobs.d").c_str(), 0777);
  CHECK(says(directory.fault(kKey), "run: chmod o-w " + base + "/jobs.d"));
  chmod((base + "/jobs.d").c_str(), 0755);
  CHECK(directory.fault(kKey) == "no fault");
  directory.write("open.toml", kKey, 0666);
  CHECK_THROWS_WITH_AS(rota::load_configuration(directory.path() / "open.toml", {}),
                       doctest::Contains("chmod o-w"), ConfigurationError);
}

TEST_CASE("what belongs to another user is refused" * doctest::skip(geteuid() != 0)) {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/a.toml", "[jobs.one]\nshell = 'x'\n");
  REQUIRE(chown((directory.path() / "jobs.d/a.toml").c_str(), 12345, 12345) == 0);
  CHECK(says(directory.fault(kKey), "belongs to user 12345"));
}

TEST_CASE("a relative key is sought among the credentials first") {
  const ConfigurationDirectory directory;
  directory.write("credentials/secret", "credential", 0400);
  const std::filesystem::path credentials = directory.path() / "credentials";
  const rota::Environment environment{{"CREDENTIALS_DIRECTORY", credentials}};
  CHECK(directory.load(kKey, environment).http.key_file == credentials / "secret");
  CHECK(directory.load(kKey).http.key_file == directory.path() / "secret");
  std::filesystem::remove(credentials / "secret");
  CHECK(directory.load(kKey, environment).http.key_file == directory.path() / "secret");
  directory.write("credentials/secret", "credential", 0444);
  CHECK(says(directory.fault(kKey, environment), "chmod o= " + (credentials / "secret").string()));
}

TEST_CASE("a mail password and a public key may be credentials too") {
  const ConfigurationDirectory directory;
  directory.write("credentials/password", "credential", 0400);
  directory.write("credentials/key.pem", "key", 0444);
  const std::filesystem::path credentials = directory.path() / "credentials";
  const Configuration configuration = directory.load(
      "[http.jwt]\nalgorithm = 'RS256'\npublic_key_file = 'key.pem'\n[mail]\nusername = 'rota'\n"
      "password_file = 'password'\nfrom = 'a@example.org'\nto = ['b@example.org']\n",
      {{"CREDENTIALS_DIRECTORY", credentials}});
  CHECK(configuration.http.key_file == credentials / "key.pem");
  CHECK(configuration.mail.password_file == credentials / "password");
}

TEST_CASE("job files are read as if they stood in the directory in place of those of their name") {
  const ConfigurationDirectory directory;
  directory.write("jobs.d/a.toml", "[jobs.old]\nshell = 'x'\n");
  directory.write("jobs.d/b.toml", "[jobs.other]\nshell = 'x'\n");
  directory.write("new/a.toml", "[jobs.new]\nshell = 'x'\n");
  directory.load(kKey);
  const auto file = directory.path() / "rota.toml";
  const auto jobs = rota::load_configuration(file, {}, {directory.path() / "new/a.toml"}).jobs;
  CHECK(jobs.size() == 2);
  CHECK(jobs.contains("new"));
  CHECK(jobs.contains("other"));
  directory.write("new/c.toml", "[jobs.other]\nshell = 'x'\n");
  try {
    rota::load_configuration(file, {}, {directory.path() / "new/c.toml"});
    FAIL("the job stands in two files");
  } catch (const ConfigurationError& error) {
    REQUIRE(error.faults().size() == 1);
    CHECK(error.faults()[0].file == directory.path() / "new/c.toml");
  }
}

TEST_CASE("job files without a configuration may name any group") {
  const ConfigurationDirectory directory;
  directory.write("a.toml", "[jobs.one]\ngroup = 'any'\n");
  CHECK(rota::load_job_files({directory.path() / "a.toml"}).at("one").group == "any");
  directory.write("b.toml", "[jobs.one]\ngruop = 'any'\n");
  CHECK_THROWS_WITH_AS(rota::load_job_files({directory.path() / "b.toml"}),
                       doctest::Contains("did you mean group"), ConfigurationError);
}
