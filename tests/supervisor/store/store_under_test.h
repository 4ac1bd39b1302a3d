// A store on a real file, with a stand-in for the event loop: callbacks wait in a queue
// until the test takes them.
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "supervisor/store/sqlite_run_store.h"
#include "tests/new_path.h"

namespace rota {

class CallbackQueue {
 public:
  void post(std::function<void()> function) {
    const std::lock_guard lock{mutex_};
    waiting_.push_back(std::move(function));
    changed_.notify_one();
  }

  // Runs the callbacks that wait, as one turn of an event loop does.
  void turn() {
    std::deque<std::function<void()>> waiting;
    {
      const std::lock_guard lock{mutex_};
      waiting.swap(waiting_);
    }
    for (const auto& function : waiting) function();
  }

  // Runs callbacks until `done` holds.
  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      auto function = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      function();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
};

struct StoreUnderTest {
  StoreUnderTest() { std::filesystem::create_directories(directory); }
  StoreUnderTest(const StoreUnderTest&) = delete;
  StoreUnderTest& operator=(const StoreUnderTest&) = delete;
  ~StoreUnderTest() {
    store.reset();
    std::filesystem::remove_all(directory);
  }

  SqliteRunStore& open() {
    store.reset();
    store = std::make_unique<SqliteRunStore>(
        file, [this](std::function<void()> function) { queue.post(std::move(function)); });
    return *store;
  }

  std::optional<RunId> insert(const Run& run) {
    std::optional<std::optional<RunId>> answer;
    store->insert(run, nullptr, [&](std::optional<RunId> id) { answer = id; });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::nullopt);
  }

  // Answers the id of the retry.
  std::optional<RunId> end(RunId id, const Outcome& outcome, Consequences consequences = {}) {
    std::optional<std::optional<RunId>> answer;
    store->record_outcome(id, outcome, std::move(consequences),
                          [&](std::optional<RunId> retry) { answer = retry; });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::nullopt);
  }

  // Calls a member whose last parameter is a callback without arguments and waits for it.
  template <typename Member, typename... Arguments>
  void wait_for(Member member, Arguments... arguments) {
    bool done = false;
    ((*store).*member)(std::move(arguments)..., [&] { done = true; });
    queue.run_until([&] { return done; });
  }

  Pruned prune_step(const std::string& job, const Retention& retention, int step) {
    return prune_step({{job, retention}}, step);
  }

  Pruned prune_step(std::vector<JobRetention> jobs, int step) {
    std::optional<Pruned> answer;
    store->prune(std::move(jobs), step, [&](Pruned pruned) { answer = std::move(pruned); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(Pruned{});
  }

  // All steps together.
  Pruned prune(const std::string& job, const Retention& retention, int step = 100) {
    Pruned all;
    for (bool more = true; more;) {
      const Pruned pruned = prune_step(job, retention, step);
      all.rows += pruned.rows;
      all.logs.insert(all.logs.end(), pruned.logs.begin(), pruned.logs.end());
      more = pruned.jobs_done == 0;
    }
    return all;
  }

  std::string back_up(const std::filesystem::path& copy) {
    std::optional<std::string> answer;
    store->back_up(copy, [&](std::string trouble) { answer = std::move(trouble); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or("");
  }

  JobFacts facts_of(const std::string& job) {
    for (JobFacts& facts : store->facts())
      if (facts.job_name == job) return std::move(facts);
    return {};
  }

  std::optional<Run> find(RunId id) {
    std::optional<std::optional<Run>> answer;
    store->find(id, [&](std::optional<Run> run) { answer = std::move(run); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::nullopt);
  }

  std::vector<Run> query(const RunQuery& wanted) {
    std::optional<std::vector<Run>> answer;
    store->query(wanted, [&](std::vector<Run> runs) { answer = std::move(runs); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::vector<Run>{});
  }

  std::vector<OutboxMail> due_mails(Instant now) {
    std::optional<std::vector<OutboxMail>> answer;
    store->due_mails(now, 10, [&](std::vector<OutboxMail> mails) { answer = std::move(mails); });
    queue.run_until([&] { return answer.has_value(); });
    return answer.value_or(std::vector<OutboxMail>{});
  }

  std::filesystem::path directory = new_path("rota-store-test");
  std::filesystem::path file = directory / "rota.db";
  CallbackQueue queue;
  std::unique_ptr<SqliteRunStore> store;
};

inline Instant at(std::int64_t milliseconds) { return Instant{std::chrono::milliseconds{milliseconds}}; }

inline Run scheduled_run(const std::string& job, Instant scheduled_for) {
  Run run;
  run.job_name = job;
  run.scheduled_for = scheduled_for;
  run.state = RunState::running;
  run.queued_at = scheduled_for;
  run.started_at = scheduled_for;
  return run;
}

inline Outcome ended(RunState state, Instant finished_at) {
  Outcome outcome;
  outcome.state = state;
  outcome.finished_at = finished_at;
  return outcome;
}

inline Outcome success(Instant finished_at) { return ended(RunState::succeeded, finished_at); }

inline Run skipped_run(const std::string& job, Instant scheduled_for) {
  Run run = scheduled_run(job, scheduled_for);
  run.state = RunState::skipped;
  run.started_at.reset();
  return run;
}

}  // namespace rota
