// thread_runs MODULE DIRECTORY RUNS AT_ONCE: triggers a job that does nothing again as soon as one of its
// runs is recorded, so that AT_ONCE are under way, through a supervisor without HTTP. Prints how many runs a
// second were begun, run on a thread, and finished on disk.
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>

#include "common/module/module_loader.h"
#include "supervisor/daemon/supervisor.h"
#include "supervisor/daemon/wake_up_timer.h"
#include "supervisor/executor/process_executor.h"
#include "supervisor/executor/thread_executor.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/run/clock.h"
#include "supervisor/store/sqlite_run_store.h"

namespace rota::bench {
namespace {

namespace asio = boost::asio;

JobTable table(const std::filesystem::path& module) {
  LoadedModules loaded;
  load_module(module, loaded);
  for (RegisteredJob& entry : loaded.jobs)
    entry.job.policies.overlap = {OverlapPolicy::Rule::parallel, 1'000'000};
  std::vector<std::string> errors;
  return make_job_table(loaded.jobs, {}, errors);
}

class Bench {
 public:
  Bench(const std::filesystem::path& module, const std::filesystem::path& directory, int places)
      : store_{directory / "rota.db", post()},
        carrier_{post()},
        notifier_{{}, store_, carrier_, {}, {post(), [](auto, const auto&) {}, current_instant}},
        processes_{loop_, {"rota-worker"}},
        threads_{loop_, {places}},
        timer_{loop_, [this] { supervisor_.wake_up(); }},
        supervisor_{{store_, notifier_, processes_, threads_, current_instant, directory / "log"},
                    table(module),
                    {places, places},
                    [this](std::optional<Instant> at) { timer_.arm(at); }} {}

  double runs_a_second(int runs, int at_once) {
    int triggered = 0;
    int finished = 0;
    const std::function<void()> trigger = [&] {
      if (triggered++ < runs) supervisor_.trigger("no_op_0", {}, "bench", [](const TriggerResult&) {});
    };
    supervisor_.runs().events().listen([&](const Run& run) {
      if (run.state != RunState::succeeded) return;
      if (++finished == runs) supervisor_.shut_down([this] { loop_.stop(); });
      trigger();
    });
    supervisor_.start({});
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < at_once; ++i) trigger();
    loop_.run();
    return runs / std::chrono::duration<double>{std::chrono::steady_clock::now() - begin}.count();
  }

 private:
  std::function<void(std::function<void()>)> post() {
    return [this](std::function<void()> function) { asio::post(loop_, std::move(function)); };
  }

  asio::io_context loop_{1};
  SqliteRunStore store_;
  SmtpCarrier carrier_;
  Notifier notifier_;
  ProcessExecutor processes_;
  ThreadExecutor threads_;
  WakeUpTimer timer_;
  Supervisor supervisor_;
};

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  spdlog::set_level(spdlog::level::err);  // a line for each run would be measured too
  const int at_once = std::atoi(argv[4]);
  rota::bench::Bench bench{argv[1], argv[2], at_once};
  std::printf("{\"runs/s\": %.1f}\n", bench.runs_a_second(std::atoi(argv[3]), at_once));
  return 0;
}
