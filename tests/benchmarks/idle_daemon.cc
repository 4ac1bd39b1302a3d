#include "tests/benchmarks/idle_daemon.h"

#include <sys/wait.h>

#include <csignal>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "supervisor/executor/spawn.h"

namespace rota::benchmark {
namespace {

std::int64_t status_value(const std::filesystem::path& status, const std::string& name) {
  std::ifstream file{status};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name + ":")) return std::stoll(line.substr(name.size() + 1));
  return 0;
}

std::int64_t wake_ups(int pid) {
  std::int64_t total = 0;
  for (const auto& task : std::filesystem::directory_iterator{"/proc/" + std::to_string(pid) + "/task"})
    total += status_value(task.path() / "status", "voluntary_ctxt_switches");
  return total;
}

void write_configuration(const std::filesystem::path& file) {
  std::ofstream{file} << "[supervisor]\nzone = \"UTC\"\ndatabase = \"idle.db\"\nlog_directory = "
                         "\"log\"\ncontrol_socket = \"\"\n"
                      << "module_directories = [\"" ROTA_LIB "/hundred-jobs\"]\nworker = \"" ROTA_BIN
                         "/rota-worker\"\n"
                      << "[http]\nlisten = \"127.0.0.1:0\"\nport_file = \"port\"\ndisable_auth = true\n";
}

}  // namespace

IdleCost idle_cost(const std::filesystem::path& directory, std::chrono::seconds duration) {
  write_configuration(directory / "rota.toml");
  const SpawnedWorker daemon =
      spawn_worker({ROTA_BIN "/rotad", "--config", (directory / "rota.toml").string()}, {});
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!std::filesystem::exists(directory / "port")) {
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error{"rotad did not start within 30 s"};
    std::this_thread::yield();
  }
  const std::int64_t before = wake_ups(daemon.pid);
  std::this_thread::sleep_until(std::chrono::steady_clock::now() + duration);
  IdleCost cost;
  cost.wake_ups_a_minute =
      static_cast<double>(wake_ups(daemon.pid) - before) * 60 / static_cast<double>(duration.count());
  cost.resident_kib = status_value("/proc/" + std::to_string(daemon.pid) + "/status", "VmRSS");
  kill(daemon.pid, SIGTERM);
  waitpid(daemon.pid, nullptr, 0);
  return cost;
}

}  // namespace rota::benchmark
