#include "tests/simulation/simulation.h"

#include <algorithm>
#include <utility>

#include "common/time/rfc3339.h"
#include "supervisor/store/facts_statements.h"
#include "supervisor/store/outbox_statements.h"
#include "tests/simulation/process.h"

namespace rota::simulation {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Owner = Timeline::Owner;

constexpr milliseconds kMonth = 24h * 30;
// After the misfortunes, so that all that they put off can come to its end.
constexpr milliseconds kCalm = 24h * 3;

// Around the changes of the clocks as often as not.
Instant first_instant(Random& random) {
  const std::vector<std::string> starts{"2027-03-01T00:00:00Z", "2027-10-10T00:00:00Z",
                                        "2027-01-20T00:00:00Z", "2028-02-20T00:00:00Z"};
  return parse_rfc3339(random.one_of(starts)).value() + milliseconds{random.between(0, 86'400'000)};
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, Trace& trace)
    : random_{seed},
      trace_{trace},
      timeline_{first_instant(random_)},
      jobs_{random_},
      rows_{disk_},
      mails_{disk_} {}

Simulation::~Simulation() = default;

void Simulation::run() {
  start();
  plan_misfortunes();
  while (timeline_.steady() < kMonth) step(kMonth);
  say("calm");
  calm_ = true;
  while (timeline_.steady() < kMonth + kCalm) step(kMonth + kCalm);
  rows_.check_all();
  mails_.check_all();
}

void Simulation::step(Timeline::Steady end) {
  ++steps_;
  admission_.step_begins();
  std::optional<Timeline::Steady> next = timeline_.next_at();
  std::optional<Timeline::Steady> wake;
  if (wake_at_)
    wake = std::max(timeline_.steady(), timeline_.steady() + (*wake_at_ - timeline_.now()) + wake_latency_);
  const bool wakes = wake && (!next || *wake <= *next);
  const Timeline::Steady at = wakes ? *wake : next.value_or(end);
  if (at >= end) return advance(end);
  advance(at);
  if (wakes) {
    say("wake up");
    wake_at_.reset();
    process_->supervisor.wake_up();
  } else {
    const Timeline::Event event = timeline_.take();
    say(event.name);
    event.happen();
  }
  if (process_ && !calm_ && random_.in(1500)) dies_ = true;
  if (std::exchange(dies_, false) && process_) crash();
  if (settled()) check_settled();
}

void Simulation::advance(Timeline::Steady at) {
  const Instant before = timeline_.now();
  timeline_.advance(at);
  ledger_.passed(before, timeline_.now());
  if (settled()) admission_.passed(timeline_.now());
}

bool Simulation::settled() const {
  return process_ && !stopping_ && process_->store.idle() && !timeline_.process_has_events() &&
         (!wake_at_ || *wake_at_ > timeline_.now());
}

void Simulation::check_settled() {
  ledger_.check_settled(timeline_.now());
  admission_.check_settled(timeline_.now());
  rows_.check_settled();
  dependencies_.check_settled([this](const std::string& name) { return admission_.is_active(name); });
}

void Simulation::start() {
  say("start");
  const Instant now = timeline_.now();
  stopping_ = false;
  wake_at_.reset();
  JobTable table = jobs_.table();
  ledger_.start(table, now);
  dependencies_.take(table, timeline_.now());
  admission_.take(table, jobs_.limits(), timeline_.now());
  SqliteRunStore::Recovery left = select_unfinished(disk_.connection, now);
  std::vector<Pause> pauses = select_pauses(disk_.connection);
  std::vector<AlarmState> alarms = select_alarms(disk_.connection);
  admission_.restart(left.queued, pauses, now);
  Watcher& watcher = *this;
  process_ = std::make_unique<Process>(
      watcher, ProcessParts{disk_, timeline_, random_, mails_}, alarms, std::move(table), jobs_.limits(),
      [this](std::optional<Instant> at) { wake_at(at); },
      SimulatedExecutor::Watch{[this](RunId id) {
                                 say("prepares " + std::to_string(id));
                                 rows_.prepares(id);
                               },
                               [this](RunId id) {
                                 say("abandons " + std::to_string(id));
                                 rows_.abandons(id);
                               },
                               [this](RunId id) {
                                 admission_.given(id);
                                 rows_.given(id);
                               },
                               [this](RunId id) {
                                 say("executes " + std::to_string(id));
                                 admission_.executes(id, timeline_.now());
                               },
                               [this](RunId id, const std::function<void()>& tell) {
                                 admission_.overdue(id);
                                 overdue_ = id;
                                 tell();
                                 overdue_.reset();
                               }});
  process_->supervisor.runs().events().listen([this](const Run& run) { rows_.announced(run); });
  process_->notifier.start();
  process_->supervisor.start({select_facts(disk_.connection), std::move(alarms), std::move(pauses),
                              std::move(left.queued), std::move(left.lost)});
}

void Simulation::crash() {
  say("crash");
  gone();
}

void Simulation::gone() {
  process_.reset();
  timeline_.end_process();
  wake_at_.reset();
  rows_.restart();
  mails_.restart();
  ledger_.end_process();
  if (random_.percent(20)) jobs_.change();
  timeline_.after(random_.time(milliseconds{100}, 48h), Owner::world, "start again", [this] { start(); });
}

void Simulation::stop() {
  if (!process_ || stopping_) return;
  stopping_ = true;
  process_->supervisor.stop_firing();
  // The process ends once this step is over.
  process_->supervisor.shut_down(
      [this] { timeline_.after(0ms, Owner::process, "stopped", [this] { dies_ = true; }); });
}

void Simulation::wake_at(std::optional<Instant> at) {
  if (wake_at_ == at) return;
  wake_at_ = at;
  wake_latency_ = random_.in(50) ? random_.time(milliseconds{1}, 30s) : milliseconds{0};
}

// Now and then, on average twice in `most`.
void Simulation::plan(const std::string& name, milliseconds most, void (Simulation::*what)()) {
  timeline_.after(milliseconds{random_.between(0, most.count())}, Owner::world, name,
                  [this, name, most, what] {
                    if (calm_) return;
                    plan(name, most, what);
                    if (wake_at_ && random_.percent(50)) return soon_after_wake_up(name, what);
                    (this->*what)();
                  });
}

// While what was begun early waits for its time, if there is something to begin.
void Simulation::soon_after_wake_up(const std::string& name, void (Simulation::*what)()) {
  timeline_.after(*wake_at_ - timeline_.now() + milliseconds{random_.between(0, 12)}, Owner::world, name,
                  [this, what] { (this->*what)(); });
}

// Each seed has its own, so that some have the ground to themselves.
void Simulation::plan_misfortunes() {
  if (random_.percent(50)) plan("stop", 24h * 10, &Simulation::stop);
  if (random_.percent(40)) plan("set clock", 24h * 10, &Simulation::set_clock);
  if (random_.percent(50)) plan("reload", 24h * 7, &Simulation::reload);
  if (random_.percent(60)) plan("trigger", 24h * 2, &Simulation::trigger);
  if (random_.percent(50)) plan("cancel", 24h * 2, &Simulation::cancel);
  if (random_.percent(50)) plan("pause", 24h * 7, &Simulation::pause);
  if (random_.percent(50)) plan("disk full", 24h * 7, &Simulation::fill_disk);
}

void Simulation::set_clock() {
  milliseconds step = random_.time(1s, 48h);
  if (random_.percent(50)) step = -step;
  step -= step % 1s;
  const Instant before = timeline_.now();
  timeline_.set_clock(step);
  say("the clock was set by " + std::to_string(step.count()) + " ms");
  if (step > 0ms) ledger_.passed(before, timeline_.now());
  admission_.clock_set_back(timeline_.now());
  if (!process_) return;
  wake_at_.reset();
  process_->supervisor.wake_up();
}

// As often as not while an occurrence is due and the loop has not come to it yet.
void Simulation::reload() {
  if (!wake_at_ || random_.percent(50)) return reload_now();
  wake_latency_ = 1s;
  timeline_.after(*wake_at_ - timeline_.now() + 500ms, Owner::world, "reload", [this] { reload_now(); });
}

void Simulation::reload_now() {
  jobs_.change();
  if (!process_ || stopping_) return;
  JobTable table = jobs_.table();
  ledger_.take(table, timeline_.now());
  dependencies_.take(table, timeline_.now());
  admission_.taking(table);
  process_->supervisor.take(table, jobs_.limits());
  admission_.take(std::move(table), jobs_.limits(), timeline_.now());
}

void Simulation::trigger() {
  if (!process_ || stopping_) return;
  const auto names = jobs_.names();
  if (names.empty()) return;
  process_->supervisor.trigger(random_.one_of(names), {}, "somebody", [](const TriggerResult&) {});
}

void Simulation::cancel() {
  if (!process_) return;
  std::vector<RunId> ids;
  for (const auto& [ticket, run] : process_->supervisor.runs().active().all())
    if (run.row.id != 0) ids.push_back(run.row.id);
  if (!ids.empty()) process_->supervisor.runs().cancel(random_.one_of(ids), "somebody");
}

void Simulation::pause() {
  const auto names = jobs_.names();
  if (!process_ || stopping_ || names.empty()) return;
  const Pause::Scope scope =
      random_.one_of(std::vector{Pause::Scope::job, Pause::Scope::group, Pause::Scope::all});
  Pause pause{scope, "", "somebody", timeline_.now()};
  if (scope == Pause::Scope::job) pause.name = random_.one_of(names);
  if (scope == Pause::Scope::group) pause.name = "database";
  admission_.pause(pause);
  process_->supervisor.pause(pause, [](const std::string&) {});
  timeline_.after(random_.time(1min, 48h), Owner::world, "resume", [this, pause] { resume(pause); });
}

void Simulation::resume(const Pause& pause) {
  if (!process_ || stopping_)
    return timeline_.after(1h, Owner::world, "resume", [this, pause] { resume(pause); });
  admission_.resume(pause);
  process_->supervisor.resume(pause.scope, pause.name, [](const std::string&) {});
}

void Simulation::fill_disk() { disk_.full_until = timeline_.steady() + random_.time(1s, 24h); }

Handle Simulation::insert_asked(const Run& run) {
  say("insert " + run.job_name + " " + std::string{to_string(run.trigger)} + " " +
      std::string{to_string(run.state)} + " " + run.error_type +
      (run.scheduled_for ? " for " + format_rfc3339(*run.scheduled_for) : ""));
  ledger_.asked(run, timeline_.now());
  return admission_.insert_asked(run, timeline_.now());
}

void Simulation::start_asked(RunId id) {
  say("launch " + std::to_string(id));
  admission_.start_asked(id, timeline_.now());
}

void Simulation::outcome_asked(RunId id, const Outcome& outcome, const Consequences& consequences) {
  say("outcome " + std::to_string(id) + " " + std::string{to_string(outcome.state)} + " " +
      outcome.error_type + (consequences.retry ? ", tried again" : ""));
  admission_.outcome_asked(id, outcome, timeline_.now());
}

std::optional<RunId> Simulation::alarm_asked() { return overdue_; }

void Simulation::began() { mails_.began(); }

void Simulation::told(const Written& written, const std::vector<OutboxMail>& mails) {
  if (written.kind == Written::Kind::ended)
    mails_.ended(rows_.read(written.id), written.retried, mails);
  else if (written.overdue)
    mails_.overdue(rows_.read(*written.overdue), mails);
  else
    mails_.noticed(written.jobs, mails);
}

void Simulation::committed(const std::vector<Written>& writes) {
  mails_.committed();
  for (const Written& each : writes) {
    if (each.kind == Written::Kind::calendars) {
      ledger_.begun(each.jobs, each.since);
      dependencies_.seen(each.jobs);
    }
    if (each.kind == Written::Kind::refused) say("refused");
    if (each.id == 0) continue;
    const Run row = rows_.committed(each.id);
    say("on disk " + std::to_string(row.id) + " " + row.job_name + " " + std::string{to_string(row.state)});
    if (each.kind == Written::Kind::inserted) ledger_.recorded(row);
    if (each.kind == Written::Kind::inserted) dependencies_.inserted(row);
    if (each.kind == Written::Kind::ended) dependencies_.ended(row, each.retried);
  }
}

void Simulation::insert_answered(Handle handle, std::optional<RunId> id) {
  admission_.insert_answered(handle, id);
}

void Simulation::outcome_answered(RunId, const std::optional<Run>& retry, std::optional<RunId> retry_id) {
  if (retry && retry_id && !stopping_) admission_.retry_answered(*retry, *retry_id, timeline_.now());
}

}  // namespace rota::simulation
