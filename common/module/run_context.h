// What all ways to run a job have in common of its context: the values that do not
// change while it runs, and the stop.
#pragma once

#include <rota/job.h>

#include <utility>

#include "common/time/instant.h"

namespace rota {

struct RunValues {
  std::int64_t run_id = 0;
  int attempt = 1;
  Parameters parameters;
  std::string last_entry;
  Instant deadline{};
};

class RunContext : public JobContext {
 public:
  explicit RunContext(RunValues values) : values_{std::move(values)} {}

  void request_stop() { stop_.request_stop(); }

  std::stop_token stop_token() const override { return stop_.get_token(); }
  const Parameters& parameters() const override { return values_.parameters; }
  const std::string& last_entry() const override { return values_.last_entry; }
  std::int64_t run_id() const override { return values_.run_id; }
  int attempt() const override { return values_.attempt; }
  std::chrono::system_clock::time_point deadline() const override { return values_.deadline; }

 private:
  RunValues values_;
  std::stop_source stop_;
};

}  // namespace rota
