// ten_million [JOBS]: a virtual day of the real calendar and the real admission with JOBS (10,000,000) jobs,
// each due twice a day: half of them spread over the day, half at full hours, where they come in crowds. A
// virtual clock goes from one instant at which something happens to the next; a run takes 50 ms on one of 64
// places. Prints what a job takes, what the day costs, and where most of it goes.
#include <malloc.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/scheduler/scheduler.h"

namespace rota::bench {
namespace {

using std::chrono::steady_clock;

constexpr int kPlaces = 64;
constexpr std::chrono::milliseconds kRunTime{50};

double allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>{steady_clock::now() - begin}.count();
}

ScheduledJob job_of(int number) {
  std::array<char, 64> text{};
  if (number % 2 == 0)
    std::snprintf(text.data(), text.size(), "%d %d,%d * * *", number / 2 % 60, number / 120 % 12,
                  number / 120 % 12 + 12);
  else
    std::snprintf(text.data(), text.size(), "0 %d,%d * * *", number / 2 % 12, number / 2 % 12 + 12);
  return {"job_" + std::to_string(number), parse_schedule(text.data()).with_default_zone("UTC")};
}

class Day {
 public:
  explicit Day(int jobs) {
    const double before = allocated();
    const auto begin = steady_clock::now();
    for (int i = 0; i < jobs; ++i) scheduler_.add(job_of(i), now_, {}, {});
    std::printf("%d jobs registered in %.1f s, %.0f bytes a job\n", jobs, seconds_since(begin),
                (allocated() - before) / jobs);
  }

  void pass() {
    const Instant end = now_ + std::chrono::hours{24};
    const auto begin = steady_clock::now();
    while (const auto next = next_event()) {
      if (*next > end) break;
      now_ = *next;
      finish_runs();
      if (scheduler_.next_wake_up() <= now_) fire();
    }
    std::printf(
        "a virtual day in %.1f s: %lld runs, of which %lld waited; at most %zu waiting at once, %.0f MiB\n",
        seconds_since(begin), static_cast<long long>(admitted_), static_cast<long long>(waited_),
        most_waiting_, most_allocated_ / (1 << 20));
    std::printf("calendar %.1f s (%.2f us a run), admission %.1f s (%.2f us a run)\n", calendar_seconds_,
                calendar_seconds_ * 1e6 / static_cast<double>(admitted_), admission_seconds_,
                admission_seconds_ * 1e6 / static_cast<double>(admitted_));
    std::printf("the longest turn, in which nothing else is done: %.2f s for %zu due in one instant\n",
                longest_turn_seconds_, most_due_);
  }

 private:
  struct Running {
    Instant until{};
    Ticket ticket = 0;
    bool operator>(const Running& other) const { return until > other.until; }
  };

  std::optional<Instant> next_event() const {
    auto next = scheduler_.next_wake_up();
    if (!running_.empty() && (!next || running_.top().until < *next)) next = running_.top().until;
    return next;
  }

  void fire() {
    const auto begin = steady_clock::now();
    const std::vector<DueOccurrence> due = scheduler_.take_due(now_);
    calendar_seconds_ += seconds_since(begin);
    const auto admission = steady_clock::now();
    for (const DueOccurrence& occurrence : due) {
      Candidate candidate;
      candidate.job_name = occurrence.job_name;
      candidate.overlap = {OverlapPolicy::Rule::queue, 1};
      const Ticket ticket = ++last_ticket_;
      const Admission answer = dispatcher_.admit(ticket, std::move(candidate));
      if (answer.decision == Admission::Decision::start) running_.push({now_ + kRunTime, ticket});
      if (answer.decision == Admission::Decision::wait) ++waited_;
      if (answer.decision != Admission::Decision::skip) ++admitted_;
    }
    admission_seconds_ += seconds_since(admission);
    if (due.size() > most_due_) {
      most_due_ = due.size();
      most_allocated_ = std::max(most_allocated_, allocated());
    }
    most_waiting_ = std::max(most_waiting_, dispatcher_.waiting());
    longest_turn_seconds_ = std::max(longest_turn_seconds_, seconds_since(begin));
  }

  void finish_runs() {
    const auto begin = steady_clock::now();
    while (!running_.empty() && running_.top().until <= now_) {
      const Ticket ended = running_.top().ticket;
      running_.pop();
      for (const Ticket ticket : dispatcher_.finished(ended)) running_.push({now_ + kRunTime, ticket});
    }
    admission_seconds_ += seconds_since(begin);
  }

  Instant now_{std::chrono::sys_days{std::chrono::January / 5 / 2026} - std::chrono::seconds{1}};
  Scheduler scheduler_;
  Dispatcher dispatcher_{{.threads = 1, .processes = kPlaces}};
  std::priority_queue<Running, std::vector<Running>, std::greater<>> running_;
  Ticket last_ticket_ = 0;
  std::int64_t admitted_ = 0;
  std::int64_t waited_ = 0;
  std::size_t most_waiting_ = 0;
  std::size_t most_due_ = 0;
  double most_allocated_ = 0;
  double calendar_seconds_ = 0;
  double admission_seconds_ = 0;
  double longest_turn_seconds_ = 0;
};

}  // namespace
}  // namespace rota::bench

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  rota::bench::Day{argc > 1 ? std::max(1, std::atoi(argv[1])) : 10'000'000}.pass();
  return 0;
}
