// registered_jobs COUNT WAKE_UPS: registers COUNT jobs that are each due once a day, and prints what a job
// takes: of the calendar alone and with all that is known of it (in force in the table of jobs); and what it
// costs to wake up, take what is due, and say when to wake up next.
#include <malloc.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "supervisor/job/job_table.h"
#include "supervisor/scheduler/scheduler.h"

namespace {

using namespace rota;  // NOLINT(google-build-using-namespace): this file is a program

constexpr int kSecondsOfDay = 86'400;

double allocated() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

Job make_job(int number) {
  const int second = static_cast<int>(std::int64_t{number} * 7919 % kSecondsOfDay);
  std::array<char, 16> time{};
  std::snprintf(time.data(), time.size(), "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  Job job;
  job.name = "nightly_report_" + std::to_string(number);
  job.schedule = every().day().at(time.data(), "Europe/Brussels");
  return job;
}

JobTable make_table(int count) {
  std::vector<RegisteredJob> registered;
  registered.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    registered.push_back({make_job(i), "/usr/lib/rota/jobs/reports.so", "reports.cc:10"});
  std::vector<std::string> errors;
  return make_job_table(registered, {}, errors);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int count = std::atoi(argv[1]);
  const int wake_ups = std::atoi(argv[2]);
  const double before = allocated();
  const JobTable table = make_table(count);
  const double with_table = allocated();
  Scheduler scheduler;
  Instant now{std::chrono::sys_days{std::chrono::January / 5 / 2026}};
  for (const auto& [name, active] : table) scheduler.add({name, *active->schedule}, now, {}, {});
  const double with_calendar = allocated();
  std::size_t due = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < wake_ups; ++i) {
    now = scheduler.next_wake_up().value_or(now);
    due += scheduler.take_due(now).size();
  }
  const std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - begin;
  std::printf("{\"calendar B/job\": %.0f, \"B/job\": %.0f, \"wake-up us\": %.3f, \"due us\": %.3f}\n",
              (with_calendar - with_table) / count, (with_calendar - before) / count, time.count() / wake_ups,
              time.count() / static_cast<double>(due));
  return 0;
}
