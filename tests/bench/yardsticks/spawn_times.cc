// spawn_times COUNT PROGRAM [ARGUMENT…]: runs a program by posix_spawn again and again and prints the median
// time from spawn to exit in ms. spawn_times COUNT --worker|--forked WORKER MODULE FILE: runs a worker,
// executed or forked as the supervisor does, with the job "touch" and prints the median time from its start
// to the first line of the job, which writes its instant to FILE.
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <vector>

#include "supervisor/executor/worker_starter.h"
#include "tests/bench/yardsticks/bare_worker.h"

namespace {

using Clock = std::chrono::system_clock;

double milliseconds(Clock::duration duration) {
  return std::chrono::duration<double, std::milli>{duration}.count();
}

void print_median(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  std::printf("{\"ms\": %.4f}\n", times.at(times.size() / 2));
}

std::vector<double> of_program(int count, char** program) {
  std::vector<double> times;
  for (int i = 0; i < count; ++i) {
    const auto begin = Clock::now();
    pid_t pid = 0;
    if (posix_spawn(&pid, program[0], nullptr, nullptr, program, environ) != 0) std::exit(1);
    waitpid(pid, nullptr, 0);
    times.push_back(milliseconds(Clock::now() - begin));
  }
  return times;
}

bool fork_and_run_bare(rota::WorkerStarter& starter, const rota::bench::BareJob& job) {
  rota::RunRequest request;
  request.job_name = job.job;
  request.module = job.module;
  return rota::bench::run_bare(starter.start(request), job);
}

std::vector<double> of_worker(int count, bool forked, const rota::bench::BareJob& job) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  rota::WorkerStarter starter{job.worker, "bench"};
  std::vector<Clock::time_point> begun;
  for (int i = 0; i < count; ++i) {
    begun.push_back(Clock::now());
    if (!(forked ? fork_and_run_bare(starter, job) : rota::bench::spawn_and_run_bare(job))) std::exit(1);
  }
  std::ifstream touched{job.parameters.at("path")};
  std::vector<double> times;
  for (const auto begin : begun) {
    std::int64_t instant = 0;
    if (!(touched >> instant)) std::exit(1);
    times.push_back(milliseconds(Clock::time_point{std::chrono::nanoseconds{instant}} - begin));
  }
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view how = argc >= 6 ? argv[2] : "";
  if (how == "--worker" || how == "--forked")
    print_median(
        of_worker(std::atoi(argv[1]), how == "--forked", {argv[3], argv[4], "touch", {{"path", argv[5]}}}));
  else if (argc >= 3)
    print_median(of_program(std::atoi(argv[1]), argv + 2));
  else
    return 2;
  return 0;
}
