#include "supervisor/crontab/write_job_file.h"

#include <doctest/doctest.h>

#include <toml++/toml.h>

#include "supervisor/crontab/compare.h"
#include "supervisor/crontab/report.h"

namespace {

rota::Import import(std::string_view text) {
  return to_jobs(read_crontab(text, rota::CrontabForm::user), {});
}

toml::table written(const rota::Import& imported) {
  return toml::parse(write_job_file(imported.jobs, "a\nfile\x01"));
}

std::string read_back(std::string_view text) {
  const toml::table table = toml::parse("value = " + rota::toml_string(text));
  return table["value"].value_or(std::string{"nothing"});
}

}  // namespace

TEST_CASE("every byte of UTF-8 comes back from a TOML string") {
  std::string all;
  for (char letter = 1; letter > 0 && letter < 127; ++letter) all += letter;
  all += '\x7f';
  for (const std::string& text :
       {all, std::string{}, std::string{"\"\"\""}, std::string{R"(a\b\"c\\)"}, std::string{"\r\n\t"},
        std::string{"caf\xc3\xa9 \xe2\x80\x9cq\xe2\x80\x9d \xf0\x9f\x8e\x89"},
        std::string{"\"\nschedule = \"x"}}) {
    CAPTURE(text);
    CHECK(read_back(text) == text);
  }
}

TEST_CASE("a hostile entry is one job and nothing else in the file") {
  const std::string command = "echo \"a\\\"b\" 'c' [jobs.x] \x01\x1b[31m \xe2\x80\xa8 # $(x) \r";
  const toml::table file =
      written(import("# comment \x02 \xff\n'A \"B'=\"' = }\"\n* * * * * " + command + "%two\\%%\"three\"\n"));
  REQUIRE(file.size() == 1);
  const toml::table& jobs = *file["jobs"].as_table();
  REQUIRE(jobs.size() == 1);
  const auto job = file["jobs"]["echo"];
  CHECK(job["shell"].value<std::string>() == command);
  CHECK(job["standard_input"].value<std::string>() == "two%\n\"three\"\n");
  CHECK(job["environment"]["A \"B"].value<std::string>() == "' = }");
}

TEST_CASE("a job file holds what the job needs and no more") {
  const toml::table file = written(
      import("HOME=/srv\nSHELL=/bin/bash\nRANDOM_DELAY=5\nCRON_TZ=Asia/Tokyo\n20 2 * * * /opt/run --all\n"));
  const toml::table expected = toml::parse(R"(
    [jobs.run]
    schedule = "20 2 * * * in Asia/Tokyo"
    command = ["/bin/bash", "-c", "/opt/run --all"]
    directory = "/srv"
    environment = { HOME = "/srv", SHELL = "/bin/bash" }
    spread = "5 minutes"
    timeout = "24h"
    catch_up = "skip")");
  CHECK(file == expected);
}

TEST_CASE("the comparison reads what the job file says") {
  const rota::Import imported = import("30 9 * * * run\n");
  const std::string file = write_job_file(imported.jobs, "x");
  const std::chrono::sys_seconds from{std::chrono::seconds{1'780'000'000}};
  const auto same = compare(imported.jobs, file, "Europe/Brussels", from, 4);
  REQUIRE(same.size() == 1);
  CHECK(same[0].is_same());
  CHECK(same[0].rota.size() == 4);

  std::string changed = file;
  changed.replace(changed.find("schedule = \"30"), 14, "schedule = \"31");
  const auto different = compare(imported.jobs, changed, "Europe/Brussels", from, 4);
  CHECK_FALSE(different[0].is_same());
  CHECK(report(imported, different, "x").find("DIFFERENT") != std::string::npos);
  CHECK(report(imported, same, "x").find("DIFFERENT") == std::string::npos);
  CHECK_THROWS_AS(compare(imported.jobs, "[jobs]", "Europe/Brussels", from, 4), std::runtime_error);
}
