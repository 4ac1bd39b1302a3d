#include <doctest/doctest.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "supervisor/daemon/journal_sink.h"
#include "supervisor/daemon/log_run.h"

namespace rota {
namespace {

using Fields = std::vector<std::string>;

// What the sink of the journal would send.
class RememberingSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::vector<Fields> lines;

 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    lines.push_back(journal_fields(line.level, {line.payload.data(), line.payload.size()}, logged_run()));
  }
  void flush_() override {}
};

TEST_CASE("a line about a run carries the job and the run and the next line does not") {
  const auto sink = std::make_shared<RememberingSink>();
  spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  Run run;
  run.job_name = "import";
  run.id = 42;
  log_run(spdlog::level::err, run, "failed after 7 ms");
  spdlog::info("reloaded");
  CHECK(sink->lines == std::vector<Fields>{{"MESSAGE=import run 42 failed after 7 ms", "PRIORITY=3",
                                            "SYSLOG_IDENTIFIER=rotad", "ROTA_JOB=import", "ROTA_RUN_ID=42"},
                                           {"MESSAGE=reloaded", "PRIORITY=6", "SYSLOG_IDENTIFIER=rotad"}});
}

TEST_CASE("each level has its priority of syslog") {
  const auto priority = [](spdlog::level::level_enum level) { return journal_fields(level, "", nullptr)[1]; };
  CHECK(priority(spdlog::level::debug) == "PRIORITY=7");
  CHECK(priority(spdlog::level::info) == "PRIORITY=6");
  CHECK(priority(spdlog::level::warn) == "PRIORITY=4");
  CHECK(priority(spdlog::level::err) == "PRIORITY=3");
  CHECK(priority(spdlog::level::critical) == "PRIORITY=2");
}

}  // namespace
}  // namespace rota
