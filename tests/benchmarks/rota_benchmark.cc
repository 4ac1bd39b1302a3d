// rota_benchmark [SECONDS]: prints what a run costs on this machine. Each figure is
// measured for SECONDS (10); compare figures of one call only.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>

#include "tests/benchmarks/idle_daemon.h"
#include "tests/benchmarks/throughput.h"

namespace {

using namespace rota::benchmark;  // NOLINT(google-build-using-namespace): this file is their main program

double milliseconds(std::chrono::nanoseconds duration) { return static_cast<double>(duration.count()) / 1e6; }

void print_delays(const char* kind, const std::vector<std::chrono::nanoseconds>& delays) {
  if (delays.empty()) return;
  std::printf("firing delay, %s: p50 %.2f ms, p99 %.2f ms (%zu runs)\n", kind,
              milliseconds(delays.at(delays.size() / 2)), milliseconds(delays.at(delays.size() * 99 / 100)),
              delays.size());
}

void measure(const std::filesystem::path& directory, std::chrono::seconds duration) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const double bare = bare_spawns_a_second(cores, duration);
  std::printf("bare posix_spawn of the worker, %d at a time: %.0f a second\n", cores, bare);
  const double processes = runs_a_second("p_no_op", cores, directory, duration);
  std::printf("process runs, recorded, %d at a time: %.0f a second, %.2f of the bare worker\n", cores,
              processes, processes / bare);
  std::printf("thread runs, recorded, 8 at a time: %.0f a second\n",
              runs_a_second("t_no_op", 8, directory, duration));
  print_delays("thread", firing_delays("t_touch", directory, duration));
  print_delays("process", firing_delays("p_touch", directory, duration));
  const IdleCost idle = idle_cost(directory, duration);
  std::printf("rotad with 100 jobs: %.1f MiB resident, %.1f wake-ups a minute\n",
              static_cast<double>(idle.resident_kib) / 1024, idle.wake_ups_a_minute);
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  spdlog::set_level(spdlog::level::err);  // a line for each run would be measured too
  const std::chrono::seconds duration{argc > 1 ? std::max(1, std::atoi(argv[1])) : 10};
  std::string name = std::filesystem::temp_directory_path() / "rota-benchmark-XXXXXX";
  if (!mkdtemp(name.data())) return 1;
  measure(name, duration);
  std::filesystem::remove_all(name);
  return 0;
}
