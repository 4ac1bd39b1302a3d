// The supervisor: takes what is due or triggered through admission, execution and
// recording, and answers what is asked about it. It owns the state of every
// active run; everything happens on the event loop's thread. The parts that it
// joins are given to it and outlive it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "supervisor/daemon/job_table.h"
#include "supervisor/daemon/run_events.h"
#include "supervisor/daemon/wake_up_timer.h"
#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/executor/executor.h"
#include "supervisor/http/scheduler_api.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/scheduler/scheduler.h"
#include "supervisor/store/run_store.h"

namespace rota {

class Supervisor : public SchedulerApi {
 public:
  struct Parts {
    RunStore& store;
    Notifier& notifier;
    Executor& processes;
    Executor& threads;
  };
  struct Settings {
    std::filesystem::path log_directory;
    Dispatcher::Limits limits;
  };

  Supervisor(boost::asio::io_context& loop, Settings settings, JobTable jobs, Parts parts);

  // Begins to schedule. `histories` says where each job's calendar goes on;
  // `queued` are the runs that waited when the supervisor before went down.
  void start(const std::vector<JobHistory>& histories, const std::vector<Run>& queued);

  // Nothing more is fired or accepted; runs that wait stay queued in the store,
  // active ones are stopped. `stopped` is called when the last has been recorded.
  void shut_down(std::function<void()> stopped);

  RunEvents& events() { return events_; }

  // The end of a run's log, as much as a mail shows of it.
  std::string log_tail(const Run& run) const;

  std::vector<JobSummary> jobs() const override;
  void trigger(std::string job_name, Parameters parameters, std::string requested_by,
               std::function<void(TriggerResult)> done) override;
  void runs(RunQuery query, std::function<void(std::vector<Run>)> done) override;
  void run(RunId id, std::function<void(std::optional<Run>)> done) override;
  std::filesystem::path log_file(const Run& run) const override;
  std::string trouble() const override;

 private:
  // A run from its admission until its outcome is on disk.
  struct ActiveRun {
    Run row;
    const ActiveJob* job = nullptr;
    bool may_start = false;  // the dispatcher gave it a place
    bool launched = false;
    bool announced_overdue = false;
  };

  void fire_due();
  void record_missed(const DueOccurrence& occurrence);
  void begin(const ActiveJob& job, Run row, Parameters parameters, std::function<void(TriggerResult)> done);
  void resume(const Run& row);
  void recorded(Ticket ticket, std::optional<RunId> id);
  void give_places(const std::vector<Ticket>& tickets);
  void launch(Ticket ticket);
  void execute(Ticket ticket);
  void overdue(Ticket ticket);
  void ended(Ticket ticket, Outcome outcome);
  void committed(Ticket ticket);
  void stopped_if_idle();
  std::string log_path_for(const Run& row, Ticket ticket) const;
  Executor& executor_of(const ActiveJob& job) {
    return job.job.run_in_process ? parts_.processes : parts_.threads;
  }

  Settings settings_;
  JobTable jobs_;
  Parts parts_;
  Scheduler scheduler_;
  Dispatcher dispatcher_;
  RunEvents events_;
  WakeUpTimer timer_;
  Ticket last_ticket_ = 0;
  std::map<Ticket, ActiveRun> active_;
  std::map<std::string, std::string, std::less<>> last_entries_;
  bool shutting_down_ = false;
  std::function<void()> stopped_;
};

}  // namespace rota
