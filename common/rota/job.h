// The job API: everything that the author of a job module needs, together with
// <rota/schedule.h>. A module is a shared object that names its jobs in one
// ROTA_REGISTER_JOBS block; the supervisor and the worker load it.
#pragma once

#include <rota/policies.h>
#include <rota/schedule.h>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>

namespace rota {

// Raised whenever a type in this header, <rota/policies.h> or <rota/schedule.h> changes its
// layout or meaning; a module built for another number is refused on load.
inline constexpr std::uint32_t kModuleAbi = 3;

// What a job function reports. It crosses the pipe from a worker as it is.
struct ScraperResult {
  bool success = true;
  std::string error;  // why success is false; may also carry a warning of a successful run
  std::int64_t lines_added = 0;
  std::int64_t lines_processed = 0;
  // JSON text handed to the next run of the job; empty for none. At most 32 KiB, and no zero byte.
  std::string last_entry;
};

enum class LogLevel { debug, info, warning, error };

// Named values of a job, from its registration, overridden by the configuration
// and then by the trigger.
using Parameters = std::map<std::string, std::string, std::less<>>;

// One run as its job function sees it. The executor owns it; it lives until the
// function returns. Every member may be called from any thread of the run.
class JobContext {
 public:
  JobContext() = default;
  JobContext(const JobContext&) = delete;
  JobContext& operator=(const JobContext&) = delete;
  virtual ~JobContext() = default;

  // Requested at the timeout, on cancellation and on shutdown. A function that
  // returns within its grace after that ends the run in good order.
  virtual std::stop_token stop_token() const = 0;

  // Reports how far the run is. `total` is nullopt where it is not known.
  virtual void progress(std::int64_t done, std::optional<std::int64_t> total, std::string_view message) = 0;

  // Adds a line to the run's log.
  virtual void log(LogLevel level, std::string_view message) = 0;

  virtual const Parameters& parameters() const = 0;

  // `last_entry` of the latest run of this job that returned one, however it ended;
  // empty if there is none.
  virtual const std::string& last_entry() const = 0;

  virtual std::int64_t run_id() const = 0;  // 0 when run by hand, without a supervisor
  virtual int attempt() const = 0;          // from 1
  virtual std::chrono::system_clock::time_point deadline() const = 0;  // start + timeout

  // Waits for `duration`, or until a stop is requested. True if the whole
  // duration passed, false if the run should stop now.
  bool sleep(std::chrono::nanoseconds duration);

  bool stop_requested() const { return stop_token().stop_requested(); }

  // The parameter `name`, or `fallback` if the run has none of that name.
  std::string parameter(std::string_view name, std::string_view fallback = {}) const;

  void info(std::string_view message) { log(LogLevel::info, message); }
  void warning(std::string_view message) { log(LogLevel::warning, message); }
  void error(std::string_view message) { log(LogLevel::error, message); }
};

using JobFunction = ScraperResult (*)(JobContext&);

// A job as its author registers it, with designated initializers.
struct Job {
  std::string name;  // [a-zA-Z0-9_.-]{1,64}, first character a letter or digit
  JobFunction function = nullptr;
  std::optional<Schedule> schedule = {};  // none: the job runs only when triggered
  bool run_in_process = false;            // true: CPU-bound, one worker process a run
  std::chrono::milliseconds timeout = std::chrono::minutes{15};
  std::chrono::milliseconds grace = std::chrono::seconds{10};  // between the stop and the kill
  Parameters parameters = {};
  Policies policies = {};
};

// What a module registers its jobs with; the host implements it.
class JobRegistry {
 public:
  JobRegistry() = default;
  JobRegistry(const JobRegistry&) = delete;
  JobRegistry& operator=(const JobRegistry&) = delete;
  virtual ~JobRegistry() = default;

  // Adds one job. One that is wrong (a bad or taken name, no function, a timeout
  // that is not positive) is left out with an error in the host's log that names
  // it and its place, for a taken name both places; the module's other jobs load
  // all the same. `place` is where the call stands.
  virtual void register_job(Job job, std::source_location place = std::source_location::current()) = 0;
};

// What the one C entry point of a module, `rota_module_entry`, returns: a
// pointer to an object that lives as long as the module is loaded. `abi` comes
// first and is checked before anything else of it is touched.
struct ModuleEntry {
  std::uint32_t abi;
  void (*register_jobs)(JobRegistry&);
};

inline bool JobContext::sleep(std::chrono::nanoseconds duration) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock{mutex};
  const auto stop = stop_token();
  stopped.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

inline std::string JobContext::parameter(std::string_view name, std::string_view fallback) const {
  const auto found = parameters().find(name);
  return found == parameters().end() ? std::string{fallback} : found->second;
}

}  // namespace rota

// Opens the block in which a module registers its jobs; `scheduler` is the name
// by which the block calls its JobRegistry. Once per module.
// NOLINTBEGIN(bugprone-macro-parentheses): a parameter's name cannot stand in parentheses
#define ROTA_REGISTER_JOBS(scheduler)                                                                \
  static void rota_register_jobs(::rota::JobRegistry& scheduler);                                    \
  extern "C" __attribute__((visibility("default"))) const ::rota::ModuleEntry* rota_module_entry() { \
    static const ::rota::ModuleEntry entry{::rota::kModuleAbi, &rota_register_jobs};                 \
    return &entry;                                                                                   \
  }                                                                                                  \
  static void rota_register_jobs(::rota::JobRegistry& scheduler)
// NOLINTEND(bugprone-macro-parentheses)
