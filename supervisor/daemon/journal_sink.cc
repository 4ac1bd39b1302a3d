#include "supervisor/daemon/journal_sink.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>

// The place in this file says nothing of where a line comes from.
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace rota {
namespace {

int priority_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug:
      return LOG_DEBUG;
    case spdlog::level::warn:
      return LOG_WARNING;
    case spdlog::level::err:
      return LOG_ERR;
    case spdlog::level::critical:
      return LOG_CRIT;
    default:
      return LOG_INFO;
  }
}

class JournalSink : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& line) override {
    const std::string_view message{line.payload.data(), line.payload.size()};
    std::vector<std::string> fields = journal_fields(line.level, message, logged_run());
    std::vector<iovec> parts;
    parts.reserve(fields.size());
    for (std::string& field : fields) parts.push_back({field.data(), field.size()});
    if (sd_journal_sendv(parts.data(), static_cast<int>(parts.size())) == 0) return;
    // What the socket does not take, the stream may: the fields are lost, the line is not.
    std::fprintf(stderr, "<%d>%.*s\n", priority_of(line.level), static_cast<int>(message.size()),
                 message.data());
  }
  void flush_() override {}
};

bool stderr_is_journal() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): nothing in the supervisor sets the environment
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (!stream || fstat(STDERR_FILENO, &status) != 0) return false;
  return stream == std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
}

}  // namespace

spdlog::sink_ptr log_sink() {
  if (stderr_is_journal()) return std::make_shared<JournalSink>();
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

std::vector<std::string> journal_fields(spdlog::level::level_enum level, std::string_view message,
                                        const LoggedRun* run) {
  std::vector<std::string> fields{"MESSAGE=" + std::string{message},
                                  "PRIORITY=" + std::to_string(priority_of(level)),
                                  "SYSLOG_IDENTIFIER=rotad"};
  if (run) {
    fields.push_back("ROTA_JOB=" + std::string{run->job_name});
    fields.push_back("ROTA_RUN_ID=" + std::to_string(run->id));
  }
  return fields;
}

}  // namespace rota
