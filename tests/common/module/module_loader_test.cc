#include "common/module/module_loader.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "common/module/job_call.h"
#include "common/module/run_context.h"
#include "tests/new_path.h"

using rota::LoadedModules;

namespace {

const std::filesystem::path kGood = std::filesystem::path{ROTA_LIB} / "test-modules";
const std::filesystem::path kBad = std::filesystem::path{ROTA_LIB} / "bad-modules";

bool has_job(const LoadedModules& loaded, const std::string& name) {
  return std::any_of(loaded.jobs.begin(), loaded.jobs.end(),
                     [&](const auto& entry) { return entry.job.name == name; });
}

bool has_error(const LoadedModules& loaded, const std::string& module, const std::string& text) {
  return std::any_of(loaded.errors.begin(), loaded.errors.end(), [&](const std::string& error) {
    return error.find(module) != std::string::npos && error.find(text) != std::string::npos;
  });
}

class QuietContext : public rota::RunContext {
 public:
  using RunContext::RunContext;
  void progress(std::int64_t, std::optional<std::int64_t>, std::string_view) override {}
  void log(rota::LogLevel, std::string_view) override {}
};

rota::ScraperResult throws_a_number(rota::JobContext&) { throw 42; }

}  // namespace

TEST_CASE("bad modules are errors that name them and the rest still loads") {
  const LoadedModules loaded = rota::load_modules({kBad, kGood});
  CHECK(has_error(loaded, "wrong_abi.so", "ABI"));
  CHECK(has_error(loaded, "no_entry_point.so", "ROTA_REGISTER_JOBS"));
  CHECK(has_error(loaded, "not_a_module.so", "loaded"));
  CHECK(has_error(loaded, "throws_while_registering.so", "no tables in this database"));
  CHECK(has_job(loaded, "registered_before_the_fault"));
  CHECK(has_job(loaded, "p_ok"));
  CHECK(has_job(loaded, "t_ok"));
}

TEST_CASE("a name registered twice is an error that names both places") {
  LoadedModules loaded;
  rota::load_module(kBad / "registers_twice.so", loaded);
  CHECK(std::count_if(loaded.jobs.begin(), loaded.jobs.end(),
                      [](const auto& entry) { return entry.job.name == "taken_name"; }) == 1);
  CHECK(has_error(loaded, "registers_twice.cc:9", "registers_twice.cc:8"));
  CHECK(has_error(loaded, "bad name", "letters"));
  CHECK(has_error(loaded, "no_function", "no function"));
}

TEST_CASE("a module that others could have changed is not run") {
  namespace fs = std::filesystem;
  const rota::OwnDirectory own{"rota-modules"};
  const fs::path& directory = own.path();
  fs::copy_file(kGood / "behaviours.so", directory / "open.so");
  fs::permissions(directory / "open.so", fs::perms::others_write, fs::perm_options::add);
  LoadedModules loaded = rota::load_modules({directory});
  CHECK(has_error(loaded, "open.so", "chmod o-w"));
  CHECK(loaded.jobs.empty());
  fs::permissions(directory / "open.so", fs::perms::others_write, fs::perm_options::remove);
  fs::permissions(directory, fs::perms::others_write, fs::perm_options::add);
  loaded = rota::load_modules({directory});
  CHECK(has_error(loaded, directory, "chmod o-w"));
  CHECK(loaded.jobs.empty());
  fs::permissions(directory, fs::perms::others_write, fs::perm_options::remove);
  loaded = rota::load_modules({directory});
  CHECK(has_job(loaded, "p_ok"));
  if (geteuid() == 0) {
    REQUIRE(chown((directory / "open.so").c_str(), 1, 1) == 0);
    LoadedModules others;
    rota::load_module(directory / "open.so", others);
    CHECK(has_error(others, "open.so", "belongs to user 1"));
    CHECK(others.jobs.empty());
  }
}

TEST_CASE("a directory that is not there is an error") {
  const LoadedModules loaded = rota::load_modules({"/no/such/directory"});
  CHECK(has_error(loaded, "/no/such/directory", ""));
}

TEST_CASE("nothing escapes from a job") {
  QuietContext context{{}};
  const auto call = rota::call_job(throws_a_number, context);
  CHECK_FALSE(call.result.success);
  CHECK(call.error_type == "int");
}
