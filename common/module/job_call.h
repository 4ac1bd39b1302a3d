// Calls a job's function so that nothing of it escapes, for whoever runs one: the
// worker and the thread executor.
#pragma once

#include <rota/job.h>

#include <string>

namespace rota {

struct JobCallResult {
  ScraperResult result;
  // Empty on success; "job" if the function said success=false; else the type of
  // the exception that escaped it, whose text is then in `result.error`.
  std::string error_type;
};

// Runs on the caller's thread, as long as the function takes.
JobCallResult call_job(JobFunction function, JobContext& context);

}  // namespace rota
