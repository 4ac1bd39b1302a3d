#include "tests/benchmarks/throughput.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include "common/module/module_loader.h"
#include "common/protocol/message.h"
#include "supervisor/daemon/supervisor.h"
#include "supervisor/daemon/wake_up_timer.h"
#include "supervisor/executor/process_executor.h"
#include "supervisor/executor/spawn.h"
#include "supervisor/executor/thread_executor.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/run/clock.h"
#include "supervisor/store/sqlite_run_store.h"

namespace rota::benchmark {
namespace {

namespace asio = boost::asio;
using std::chrono::steady_clock;

const std::filesystem::path kWorker = std::filesystem::path{ROTA_BIN} / "rota-worker";
const std::filesystem::path kModule = std::filesystem::path{ROTA_LIB} / "test-modules" / "behaviours.so";

void spawn_once() {
  StartMessage start;
  start.job = "p_no_op";
  const std::string line = encode(start).value_or("");
  const SpawnedWorker worker =
      spawn_worker({kWorker.string(), "--supervised", "--module", kModule.string(), "p_no_op"}, {});
  if (write(worker.commands.get(), line.data(), line.size()) < 0) return;
  pollfd exit{worker.exit.get(), POLLIN, 0};
  poll(&exit, 1, -1);
  waitpid(worker.pid, nullptr, 0);
}

// A supervisor without HTTP on a database of its own.
class Bench {
 public:
  Bench(const std::string& job, int places, const std::filesystem::path& directory,
        const std::optional<Schedule>& schedule)
      : post_{[this](std::function<void()> function) { asio::post(loop_, std::move(function)); }},
        store_{directory / (job + ".db"), post_},
        carrier_{post_},
        notifier_{{},
                  store_,
                  carrier_,
                  {},
                  {post_, [](std::chrono::milliseconds, const std::function<void()>&) {}, current_instant}},
        processes_{loop_, {kWorker}},
        threads_{loop_, {places}},
        timer_{loop_, [this] { supervisor_.wake_up(); }},
        supervisor_{{store_, notifier_, processes_, threads_, current_instant, directory / "log"},
                    table(job, directory, schedule),
                    {places, places},
                    [this](std::optional<Instant> at) { timer_.arm(at); }} {}

  static JobTable table(const std::string& name, const std::filesystem::path& directory,
                        const std::optional<Schedule>& schedule) {
    LoadedModules loaded;
    load_module(kModule, loaded);
    JobTable jobs;
    for (RegisteredJob& entry : loaded.jobs) {
      if (entry.job.name != name) continue;
      entry.job.policies.overlap = {OverlapPolicy::Rule::parallel, 1'000'000};
      entry.job.schedule = schedule;
      entry.job.parameters["path"] = directory / (name + ".touched");
      ActiveJob active;
      active.job = std::move(entry.job);
      active.module = entry.module;
      jobs.emplace(name, std::make_shared<const ActiveJob>(std::move(active)));
    }
    return jobs;
  }

  void run_for(std::chrono::seconds duration) {
    supervisor_.start({});
    asio::steady_timer end{loop_, duration};
    end.async_wait([this](boost::system::error_code) { supervisor_.shut_down([this] { loop_.stop(); }); });
    loop_.run();
  }

  Supervisor& supervisor() { return supervisor_; }

 private:
  asio::io_context loop_{1};
  std::function<void(std::function<void()>)> post_;
  SqliteRunStore store_;
  SmtpCarrier carrier_;
  Notifier notifier_;
  ProcessExecutor processes_;
  ThreadExecutor threads_;
  WakeUpTimer timer_;
  Supervisor supervisor_;
};

}  // namespace

double bare_spawns_a_second(int parallel, std::chrono::seconds duration) {
  std::atomic<std::int64_t> count{0};
  const auto end = steady_clock::now() + duration;
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(parallel));
    for (int i = 0; i < parallel; ++i)
      threads.emplace_back([&] {
        for (; steady_clock::now() < end; ++count) spawn_once();
      });
  }
  return static_cast<double>(count) / static_cast<double>(duration.count());
}

double runs_a_second(const std::string& job, int places, const std::filesystem::path& directory,
                     std::chrono::seconds duration) {
  Bench bench{job, places, directory, std::nullopt};
  const int waiting = places * 8;
  std::int64_t committed = 0;
  const std::function<void()> trigger = [&] {
    bench.supervisor().trigger(job, {}, "benchmark", [](const TriggerResult&) {});
  };
  bench.supervisor().runs().events().listen([&](const Run& run) {
    if (run.state != RunState::succeeded) return;
    ++committed;
    trigger();
  });
  for (int i = 0; i < waiting; ++i) trigger();
  bench.run_for(duration);
  return static_cast<double>(committed) / static_cast<double>(duration.count());
}

std::vector<std::chrono::nanoseconds> firing_delays(const std::string& job,
                                                    const std::filesystem::path& directory,
                                                    std::chrono::seconds duration) {
  Bench{job, 4, directory, Schedule{every().second()}}.run_for(duration);
  std::ifstream touched{directory / (job + ".touched")};
  std::vector<std::chrono::nanoseconds> delays;
  for (std::int64_t instant = 0; touched >> instant;) delays.emplace_back(instant % 1'000'000'000);
  std::sort(delays.begin(), delays.end());
  return delays;
}

}  // namespace rota::benchmark
