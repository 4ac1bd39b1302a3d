// hot_paths PATH TIMES: goes TIMES times along one hot path, for callgrind to count its instructions:
// next_daily, next_cron, next_far_cron, next_zone, wake_up, dispatch, encode, decode, store, failure. The
// difference of two numbers of TIMES leaves out what starting the program takes.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "common/protocol/message.h"
#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/notify/notifier.h"
#include "supervisor/scheduler/scheduler.h"
#include "supervisor/store/schema.h"
#include "supervisor/store/write_statements.h"
#include "tests/new_path.h"

namespace {

using namespace rota;  // NOLINT(google-build-using-namespace): this file is a program

constexpr std::chrono::sys_seconds kFirst{std::chrono::sys_days{std::chrono::January / 5 / 2026}};

void next(const char* text, int times) {
  const Schedule schedule = parse_schedule(text).with_default_zone("UTC");
  auto at = kFirst;
  for (int i = 0; i < times; ++i) at = schedule.next_after(at).value_or(kFirst);
}

void wake_up(int times) {
  Scheduler scheduler;
  Instant now{kFirst};
  for (int i = 0; i < 1000; ++i)
    scheduler.add({"job_" + std::to_string(i),
                   parse_schedule(std::to_string(i % 60) + " 2 * * *").with_default_zone("UTC")},
                  now, {}, {});
  for (int i = 0; i < times; ++i) {
    now = scheduler.next_wake_up().value_or(now);
    scheduler.take_due(now);
  }
}

// Half of the runs wait for a place first.
void dispatch(int times) {
  Dispatcher dispatcher{{.threads = 1, .processes = 1}};
  Ticket last = 0;
  for (int i = 0; i < times; ++i) {
    const Ticket first = ++last;
    const Ticket second = ++last;
    dispatcher.admit(first, {.job_name = "one"});
    dispatcher.admit(second, {.job_name = "two"});
    dispatcher.finished(first);
    dispatcher.finished(second);
  }
}

void encode_start(int times) {
  StartMessage start;
  start.job = "clean_up_embeddings";
  start.parameters = {{"path", "/srv/data"}, {"limit", "100"}};
  for (int i = 0; i < times; ++i) {
    start.run_id = i;
    encode(start);
  }
}

void decode_result(int times) {
  ResultMessage result;
  result.lines_added = 17;
  result.last_entry = R"({"id":17,"title":"a title"})";
  std::string line = encode(result).value_or("");
  line.pop_back();
  for (int i = 0; i < times; ++i) decode(line);
}

// A row begun and finished, eight in a transaction. The wait for the disk is not a matter of instructions.
void store(int times) {
  const OwnDirectory directory{"rota-hot-paths"};
  Connection connection{directory / "rota.db", Connection::Access::read_write};
  connection.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  migrate(connection);
  WriteStatements statements{connection};
  for (int i = 0; i < times; ++i) {
    if (i % 8 == 0) statements.begin();
    Run run;
    run.job_name = "job_" + std::to_string(i % 10);
    run.scheduled_for = Instant{kFirst} + std::chrono::seconds{i};
    run.state = RunState::running;
    run.queued_at = *run.scheduled_for;
    run.log_path = run.job_name + "/" + std::to_string(i) + ".log";
    const RunId id = statements.insert(run).value_or(0);
    Outcome outcome;
    outcome.state = RunState::succeeded;
    outcome.finished_at = run.queued_at + std::chrono::milliseconds{900};
    statements.record_outcome(id, outcome, {});
    if (i % 8 == 7) statements.commit();
  }
}

// Nothing is asked of it: `failure` has no mail, and no summary is due.
class NoStore : public RunStore {
 public:
  void insert(Run, std::function<void(RunId)>, std::function<void(std::optional<RunId>)>) override {}
  void record_started(RunId, Instant, std::string, std::function<void()>) override {}
  void record_outcome(RunId, Outcome, Consequences, std::function<void(std::optional<RunId>)>) override {}
  void record_alarm(std::vector<OutboxMail>, std::optional<AlarmState>, Announced, Instant,
                    std::function<void()>) override {}
  void record_calendars(std::vector<std::string>, Instant, std::function<void()>) override {}
  void record_pause(Pause, std::function<void()>) override {}
  void record_resume(Pause::Scope, std::string, std::function<void()>) override {}
  void prune(std::vector<JobRetention>, int, std::function<void(Pruned)>) override {}
  void back_up(std::filesystem::path, std::function<void(std::string)>) override {}
  void due_mails(Instant, int, std::function<void(std::vector<OutboxMail>)>) override {}
  void remove_mail(std::int64_t, std::function<void()>) override {}
  void postpone_mail(std::int64_t, Instant, std::string, std::function<void()>) override {}
  void find(RunId, std::function<void(std::optional<Run>)>) override {}
  void query(RunQuery, std::function<void(std::vector<Run>)>) override {}
  bool healthy() const override { return true; }
  std::string trouble() const override { return {}; }
};

class NoCarrier : public MailCarrier {
 public:
  void carry(SmtpServer, std::string, std::vector<std::string>, std::string,
             std::function<void(SendResult)>) override {}
  void stop() override {}
};

// Of one job after the other, while a thousand others fail: it must not cost a look at all.
void failure(int times) {
  NoStore store;
  NoCarrier carrier;
  const Instant now{kFirst};
  std::vector<AlarmState> failing(1000);
  for (std::size_t i = 0; i < failing.size(); ++i)
    failing[i] = {.job_name = "failing_" + std::to_string(i),
                  .failing = true,
                  .failing_since = now,
                  .last_mail_at = now};
  Notifier notifier{{},
                    store,
                    carrier,
                    failing,
                    {[](const std::function<void()>&) {},
                     [](std::chrono::milliseconds, const std::function<void()>&) {}, [now] { return now; }}};
  Run run;
  run.state = RunState::failed;
  for (int i = 0; i < times; ++i) {
    run.job_name = "failing_" + std::to_string(i);
    notifier.prepare(run, {}, now);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(int)>> paths{
      {"next_daily", [](int times) { next("every day at 04:40", times); }},
      {"next_cron", [](int times) { next("20 2 * * 1-5", times); }},
      {"next_far_cron", [](int times) { next("0 0 29 2 *", times); }},
      {"next_zone", [](int times) { next("every day at 03:00 in Europe/Brussels", times); }},
      {"wake_up", wake_up},
      {"dispatch", dispatch},
      {"encode", encode_start},
      {"decode", decode_result},
      {"store", store},
      {"failure", failure},
  };
  const auto path = argc == 3 ? paths.find(argv[1]) : paths.end();
  if (path == paths.end()) {
    for (const auto& [name, walk] : paths) std::puts(name.c_str());
    return argc == 1 ? 0 : 2;
  }
  path->second(std::atoi(argv[2]));
  return 0;
}
