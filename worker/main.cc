// rota-worker: runs one job, for the supervisor or by hand.
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "worker/find_job.h"
#include "worker/fork_server.h"
#include "worker/list_jobs.h"
#include "worker/manual_run.h"
#include "worker/options.h"
#include "worker/supervised_run.h"

namespace {

int run(const rota::WorkerOptions& options, char** argv) {
  using Mode = rota::WorkerOptions::Mode;
  switch (options.mode) {
    case Mode::help:
      std::fputs(rota::usage().c_str(), stdout);
      return 0;
    case Mode::version:
      std::puts("rota-worker " ROTA_VERSION);
      return 0;
    case Mode::list:
      return rota::list_jobs(rota::load_for(options));
    case Mode::supervised:
      rota::run_supervised(options);
    case Mode::fork_server:
      rota::run_supervised(rota::serve_forks(argv));
    case Mode::run:
      break;
  }
  const rota::LoadedModules loaded = rota::load_for(options);
  return rota::run_by_hand(rota::find_job(loaded, options.job_name).job, options);
}

}  // namespace

int main(int argc, char** argv) {
  int status = 2;
  try {
    status = run(rota::parse_options(argc, argv), argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rota-worker: %s\n", error.what());
  }
  std::fflush(nullptr);
  // Not through exit: the thread that watches a run by hand still uses what main has left.
  std::_Exit(status);
}
