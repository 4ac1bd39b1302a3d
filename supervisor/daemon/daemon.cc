#include "supervisor/daemon/daemon.h"

#include <fmt/format.h>
#include <malloc.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "common/configuration/load_configuration.h"
#include "supervisor/daemon/api.h"
#include "supervisor/daemon/history_keeper.h"
#include "supervisor/daemon/listen_sockets.h"
#include "supervisor/daemon/orderly_stop.h"
#include "supervisor/daemon/port_file.h"
#include "supervisor/daemon/prepare.h"
#include "supervisor/daemon/reloader.h"
#include "supervisor/daemon/service_manager.h"
#include "supervisor/daemon/service_status.h"
#include "supervisor/daemon/supervisor.h"
#include "supervisor/daemon/wake_up_timer.h"
#include "supervisor/executor/process_executor.h"
#include "supervisor/executor/thread_executor.h"
#include "supervisor/http/control_socket.h"
#include "supervisor/http/http_server.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/run/clock.h"
#include "supervisor/store/sqlite_run_store.h"
#include "supervisor/token/token.h"

namespace rota {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// What a thread still does between handing over its outcome and its end.
constexpr std::chrono::seconds kLastSteps{5};
// For what follows the loop: a mail under way has half a minute.
constexpr std::chrono::seconds kAfterLoop{40};
constexpr int kWrongConfiguration = 2;
constexpr int kUnusableDatabase = 3;

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

// The same for each supervisor of a database, and for none of another, as long as the machine is up. There it
// is, as the store has made it.
std::string token_of_runs(const std::filesystem::path& database) {
  struct stat status {};
  if (stat(database.c_str(), &status) != 0) return {};
  return fmt::format("{:x}-{:x}", status.st_dev, status.st_ino);
}

// Everything that lives as long as the event loop runs, in the order in which each needs those before it.
class Daemon {
 public:
  Daemon(DaemonOptions options, Prepared prepared, ListenSockets sockets)
      : sockets_{std::move(sockets)},
        options_{std::move(options)},
        configuration_{std::move(prepared.configuration)},
        store_{configuration_.database, as_loop(loop_).post},
        carrier_{as_loop(loop_).post},
        notifier_{{configuration_.mail, host_name()}, store_, carrier_, store_.alarms(), as_loop(loop_)},
        processes_{loop_,
                   {configuration_.worker, configuration_.run_log_limit_bytes,
                    token_of_runs(configuration_.database)}},
        threads_{loop_, {configuration_.threads, configuration_.run_log_limit_bytes}},
        timer_{loop_, [this] { supervisor_.wake_up(); }},
        supervisor_{{store_, notifier_, processes_, threads_, current_instant, configuration_.log_directory},
                    std::move(prepared.jobs),
                    limits_of(configuration_),
                    [this](std::optional<Instant> at) {
                      timer_.arm(at);
                      manager_.changed();
                    }},
        history_{store_, configuration_.log_directory, as_loop(loop_), [this] { return retention_rules(); }},
        reloader_{{options_, as_loop(loop_).post, [this] { manager_.reloading(); },
                   [this](Reloader::Made made) { return take(std::move(made)); }}},
        api_{{supervisor_, store_, history_,
              [this](std::function<void(ReloadResult)> done) { reloader_.reload(std::move(done)); },
              configuration_.database.parent_path(), current_instant(), [this] { manager_.changed(); }}},
        manager_{loop_, [this] { return status_line(); }},
        signals_{loop_, SIGTERM, SIGINT, SIGHUP} {}

  // True after an orderly stop.
  bool run() {
    tell_cgroups();
    serve_http();
    end_remains();
    SqliteRunStore::Recovery recovery = store_.recover(current_instant());
    notifier_.start();
    supervisor_.start({store_.facts(), store_.alarms(), store_.pauses(), std::move(recovery.queued),
                       std::move(recovery.lost)});
    history_.start();
    supervisor_.runs().events().listen([this](const Run&) { manager_.changed(); });
    wait_for_signal();
    // Answered after all that the start has written, so that nobody who waits for the daemon sees
    // a run of the one before as running.
    store_.record_calendars({}, current_instant(), [this] { ready(); });
    loop_.run();
    manager_.loop_ended(kAfterLoop);
    history_.stop();
    notifier_.stop();
    return stop_.is_complete() && threads_.shut_down(kLastSteps);
  }

 private:
  void tell_cgroups() const {
    if (!processes_.cgroup().empty())
      spdlog::info("each run in a process has a cgroup in {}", processes_.cgroup().string());
    for (const std::string& each : processes_.shortcomings()) spdlog::warn("{}", each);
  }

  // The store has its database for this supervisor alone.
  void end_remains() const {
    if (const int killed = processes_.end_remains(); killed > 0)
      spdlog::warn("killed {} processes that runs of the supervisor before this one had left", killed);
  }

  void serve_http() {
    serve_control();
    const HttpConfiguration& http = configuration_.http;
    if (!http.enabled) {
      if (sockets_.http.is_open())
        spdlog::warn(
            "http.enabled is false, but rotad.socket listens and nobody answers: systemctl disable --now "
            "rotad.socket");
      return;
    }
    std::optional<TokenVerifier> verifier;
    if (http.disable_auth)
      spdlog::warn("AUTHENTICATION IS DISABLED: whoever reaches this machine's loopback can run jobs");
    else
      verifier.emplace(http);
    const bool inherited = sockets_.http.is_open();
    if (inherited)
      http_.emplace(loop_, std::move(sockets_.http), std::move(verifier), api_);
    else
      http_.emplace(loop_, http, std::move(verifier), api_);
    spdlog::info("listening on {} port {}{}", http_->address(), http_->port(),
                 inherited ? ", from the service manager" : "");
  }

  void serve_control() {
    if (sockets_.control.is_open()) {
      control_.emplace(loop_, ControlSocket{std::move(sockets_.control), configuration_.control_group}, api_);
      spdlog::info("listening on the control socket from the service manager");
    } else if (!configuration_.control_socket.empty()) {
      control_.emplace(loop_, ControlSocket{configuration_.control_socket, configuration_.control_group},
                       api_);
      spdlog::info("listening on {}", configuration_.control_socket.string());
    }
  }

  std::string status_line() const {
    if (stop_.has_begun()) return stopping_status(api_.status());
    return service_status(api_.status(), configuration_.zone, current_instant());
  }

  void ready() {
    if (http_) write_port_file(configuration_.http.port_file, http_->port());
    manager_.ready();
    malloc_trim(0);  // What was read to make the jobs has been freed.
    spdlog::info("started with {} jobs", supervisor_.jobs().size());
  }

  HistoryKeeper::JobRules retention_rules() const {
    HistoryKeeper::JobRules rules;
    for (const auto& [name, seen] : supervisor_.seen_jobs()) {
      const auto job = supervisor_.jobs().find(name);
      // The history of a job that is gone is kept by the rules for all.
      rules.emplace_back(
          name, job == supervisor_.jobs().end() ? configuration_.retention : job->second->terms->retention);
    }
    return rules;
  }

  // Whole or not at all.
  ReloadResult take(Reloader::Made made) {
    ReloadResult result;
    try {
      if (auto* prepared = std::get_if<Prepared>(&made))
        result = take(std::move(*prepared));
      else
        result.error = std::get<std::string>(std::move(made));
    } catch (const std::exception& error) {
      result.error = error.what();
    }
    if (result.error.empty())
      spdlog::info("reloaded: {} jobs added, {} changed, {} removed, {} unchanged", result.added,
                   result.changed, result.removed, result.unchanged);
    else
      spdlog::error("not reloaded, the old configuration stays: {}", result.error);
    manager_.ready();
    return result;
  }

  ReloadResult take(Prepared prepared) {
    ReloadResult result;
    for (const std::string& line : fixed_settings_that_differ(configuration_, prepared.configuration))
      result.error += (result.error.empty() ? "" : "\n") + line;
    if (!result.error.empty()) return result;
    notifier_.configure(prepared.configuration.mail);
    for (const std::string& warning : prepared.warnings) spdlog::error("{}", warning);
    result = supervisor_.take(std::move(prepared.jobs), limits_of(prepared.configuration));
    configuration_ = std::move(prepared.configuration);
    malloc_trim(0);  // The jobs until now have been freed, in another arena than that of the new ones.
    return result;
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal != SIGHUP) return stop(signal);
      reloader_.reload([](const ReloadResult&) {});
      wait_for_signal();
    });
  }

  void stop(int signal) {
    spdlog::info("signal {}: stopping", signal);
    std::vector<HttpServer*> servers;
    for (std::optional<HttpServer>* server : {&http_, &control_})
      if (*server) servers.push_back(&**server);
    stop_.begin(servers);
  }

  ListenSockets sockets_;
  DaemonOptions options_;
  Configuration configuration_;
  asio::io_context loop_{1};
  SqliteRunStore store_;
  SmtpCarrier carrier_;
  Notifier notifier_;
  ProcessExecutor processes_;
  ThreadExecutor threads_;
  WakeUpTimer timer_;
  Supervisor supervisor_;
  HistoryKeeper history_;
  Reloader reloader_;
  Api api_;
  ServiceManager manager_;
  std::optional<HttpServer> control_;
  std::optional<HttpServer> http_;
  asio::signal_set signals_;
  OrderlyStop stop_{{loop_, supervisor_, store_, processes_, threads_, [this] { manager_.stopping(); }}};
};

int run(const DaemonOptions& options, Prepared prepared, ListenSockets sockets) {
  Daemon daemon{options, std::move(prepared), std::move(sockets)};
  if (daemon.run()) {
    spdlog::info("stopped");
    return 0;
  }
  spdlog::critical("a run did not stop within {} s; it is recorded as lost at the next start",
                   OrderlyStop::kLimit.count());
  spdlog::shutdown();
  // The function of that run still uses what returning would destroy.
  std::_Exit(1);
}

}  // namespace

int run_daemon(const DaemonOptions& options) {
  ListenSockets sockets = take_listen_sockets();
  Prepared prepared;
  try {
    prepared = prepare(options);
  } catch (const ConfigurationError& error) {
    spdlog::critical("{}", error.what());
    return kWrongConfiguration;
  }
  for (const std::string& warning : prepared.warnings) spdlog::error("{}", warning);
  if (options.check_only) {
    spdlog::info("{}: all is well; {} jobs", options.configuration_file.string(), prepared.jobs.size());
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return run(options, std::move(prepared), std::move(sockets));
  } catch (const DatabaseUnusable& error) {
    spdlog::critical("{}", error.what());
    return kUnusableDatabase;
  }
}

}  // namespace rota
