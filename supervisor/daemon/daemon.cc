#include "supervisor/daemon/daemon.h"

#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "common/configuration/load_configuration.h"
#include "common/module/module_loader.h"
#include "supervisor/daemon/supervisor.h"
#include "supervisor/executor/process_executor.h"
#include "supervisor/executor/thread_executor.h"
#include "supervisor/http/http_server.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/run/clock.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/token/token.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// Shorter than systemd's own limit (TimeoutStopSec), which is 90 seconds unless it is set.
constexpr std::chrono::seconds kStopLimit{80};
// What a thread still does between handing over its outcome and its end.
constexpr std::chrono::seconds kLastSteps{5};
constexpr int kWrongConfiguration = 2;

struct Prepared {
  Configuration configuration;
  JobTable jobs;
};

// The worker that was built or installed with this program.
std::filesystem::path default_worker() {
  const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "rota-worker";
  return access(beside.c_str(), X_OK) == 0 ? beside : std::filesystem::path{"/usr/bin/rota-worker"};
}

// The configuration with the jobs of its modules; every fault in them is said in the
// log. Nullopt if the daemon must not start with it.
std::optional<Prepared> prepare(const DaemonOptions& options) {
  Prepared prepared;
  try {
    prepared.configuration = load_configuration(options.configuration_file, process_environment());
  } catch (const ConfigurationError& error) {
    spdlog::critical("{}", error.what());
    return std::nullopt;
  }
  if (prepared.configuration.worker.empty()) prepared.configuration.worker = default_worker();
  const LoadedModules modules = load_modules(prepared.configuration.module_directories);
  for (const std::string& error : modules.errors) spdlog::error("{}", error);
  std::vector<std::string> errors;
  prepared.jobs = make_job_table(modules.jobs, prepared.configuration, errors);
  for (const std::string& error : errors)
    spdlog::critical("{}: {}", options.configuration_file.string(), error);
  if (!errors.empty()) return std::nullopt;
  return prepared;
}

Loop as_loop(asio::io_context& loop) {
  return {[&loop](std::function<void()> function) { asio::post(loop, std::move(function)); },
          [&loop](milliseconds delay, std::function<void()> function) {
            const auto timer = std::make_shared<asio::steady_timer>(loop, delay);
            timer->async_wait([timer, function = std::move(function)](boost::system::error_code error) {
              if (!error) function();
            });
          },
          current_instant};
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "localhost";
}

void write_port_file(const std::filesystem::path& file, std::uint16_t port) {
  if (file.empty()) return;
  auto temporary = file;
  temporary += ".new";
  std::ofstream stream{temporary};
  stream << port << '\n' << std::flush;
  if (!stream) throw std::runtime_error{"http.port_file " + file.string() + ": cannot be written"};
  stream.close();
  std::filesystem::rename(temporary, file);
}

// Everything that lives as long as the event loop runs, in the order in which each needs those before it.
class Daemon {
 public:
  explicit Daemon(Prepared prepared)
      : configuration_{std::move(prepared.configuration)},
        store_{configuration_.database, as_loop(loop_).post},
        notifier_{{configuration_.mail, host_name()}, store_, store_.alarms(), as_loop(loop_)},
        processes_{loop_, {configuration_.worker, configuration_.run_log_limit_bytes}},
        threads_{loop_, {configuration_.threads, configuration_.run_log_limit_bytes}},
        supervisor_{loop_,
                    {configuration_.log_directory, {configuration_.threads, configuration_.processes}},
                    std::move(prepared.jobs),
                    {store_, notifier_, processes_, threads_}},
        signals_{loop_, SIGTERM, SIGINT} {}

  // True after an orderly stop.
  bool run() {
    serve_http();
    const SqliteRunStore::Recovery recovery = store_.recover(current_instant());
    const auto histories = store_.histories();
    announce_lost(recovery.lost);
    notifier_.start();
    supervisor_.start(histories, recovery.queued);
    wait_for_signal();
    sd_notify(0, "READY=1");
    spdlog::info("started with {} jobs", supervisor_.jobs().size());
    loop_.run();
    notifier_.stop();
    return stopped_in_order_ && threads_.shut_down(kLastSteps);
  }

 private:
  void serve_http() {
    const HttpConfiguration& http = configuration_.http;
    if (!http.enabled) return;
    std::optional<TokenVerifier> verifier;
    if (http.disable_auth)
      spdlog::warn("AUTHENTICATION IS DISABLED: whoever reaches {} on this machine can run jobs",
                   http.address);
    else
      verifier.emplace(http);
    http_.emplace(loop_, http, std::move(verifier), supervisor_);
    write_port_file(http.port_file, http_->port());
    spdlog::info("listening on {} port {}", http.address, http_->port());
  }

  void announce_lost(const std::vector<Run>& runs) {
    for (const Run& run : runs) {
      spdlog::error("{} run {} is lost: {}", run.job_name, run.id, run.error_message);
      Outcome outcome;
      outcome.state = RunState::lost;
      outcome.finished_at = run.finished_at.value_or(current_instant());
      outcome.error_type = run.error_type;
      outcome.error_message = run.error_message;
      Notifier::Prepared prepared = notifier_.prepare(run, supervisor_.log_tail(run), current_instant());
      store_.record_outcome(run.id, std::move(outcome), std::move(prepared.mails), std::move(prepared.alarm),
                            [this, run] {
                              supervisor_.events().announce(run);
                              notifier_.wake();
                            });
    }
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (!error) stop(signal);
    });
  }

  void stop(int signal) {
    spdlog::info("signal {}: stopping", signal);
    sd_notify(0, "STOPPING=1");
    if (http_) http_->stop();
    supervisor_.shut_down([this] {
      stopped_in_order_ = true;
      loop_.stop();
    });
    limit_.expires_after(kStopLimit);
    limit_.async_wait([this](boost::system::error_code error) {
      if (!error) loop_.stop();
    });
  }

  Configuration configuration_;
  asio::io_context loop_{1};
  SqliteRunStore store_;
  Notifier notifier_;
  ProcessExecutor processes_;
  ThreadExecutor threads_;
  Supervisor supervisor_;
  std::optional<HttpServer> http_;
  asio::signal_set signals_;
  asio::steady_timer limit_{loop_};
  bool stopped_in_order_ = false;
};

}  // namespace

int run_daemon(const DaemonOptions& options) {
  auto prepared = prepare(options);
  if (!prepared) return kWrongConfiguration;
  if (options.check_only) {
    spdlog::info("{}: all is well; {} jobs", options.configuration_file.string(), prepared->jobs.size());
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGHUP, SIG_IGN);
  Daemon daemon{*std::move(prepared)};
  if (daemon.run()) {
    spdlog::info("stopped");
    return 0;
  }
  spdlog::critical("a run did not stop within {} s; it is recorded as lost at the next start",
                   kStopLimit.count());
  spdlog::shutdown();
  // The function of that run still uses what returning would destroy.
  std::_Exit(1);
}

}  // namespace rota
