// Jobs p_NAME (a process each run) and t_NAME (a thread) without schedules.
#include <fcntl.h>
#include <rota/job.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using rota::JobContext;
using rota::ScraperResult;

std::int64_t number(const JobContext& context, std::string_view name, std::int64_t fallback) {
  return std::stoll(context.parameter(name, std::to_string(fallback)));
}

ScraperResult ok(JobContext& context) {
  context.info("all is well");
  ScraperResult result;
  result.lines_added = number(context, "lines_added", 1);
  result.lines_processed = number(context, "lines_processed", 2);
  return result;
}

ScraperResult no_op(JobContext&) { return {}; }

ScraperResult fails(JobContext& context) {
  context.error("it does not work");
  ScraperResult result;
  result.success = false;
  result.error = context.parameter("error", "said so itself");
  return result;
}

ScraperResult throws(JobContext&) { throw std::runtime_error{"thrown on purpose"}; }

// Until it is stopped, or for ever with ignore_stop=true (`release`, a file, ends that).
ScraperResult sleeps(JobContext& context) {
  context.info("sleeping");
  const bool ignores = context.parameter("ignore_stop") == "true";
  const std::string release = context.parameter("release");
  const std::chrono::milliseconds step{20};
  while (context.sleep(step) || ignores) {
    if (!release.empty() && access(release.c_str(), F_OK) == 0) break;
    if (context.stop_requested()) std::this_thread::yield();  // a stop ends every sleep at once
  }
  ScraperResult result;
  result.error = context.stop_requested() ? "stopped" : "";
  return result;
}

long thread_cpu_ms() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return used.tv_sec * 1000 + used.tv_nsec / 1'000'000;
}

// Until the run has had the processor for so long.
ScraperResult burns(JobContext& context) {
  const long end = thread_cpu_ms() + number(context, "cpu_ms", 400) + 1;
  while (thread_cpu_ms() < end) continue;
  return {};
}

ScraperResult ignores_sigterm(JobContext& context) {
  std::signal(SIGTERM, SIG_IGN);
  for (;;) {
    context.sleep(std::chrono::hours{1});
    pause();
  }
}

ScraperResult segfaults(JobContext& context) {
  context.info("about to touch what is not there");
  std::signal(SIGSEGV, SIG_DFL);
  std::raise(SIGSEGV);
  return {};
}

ScraperResult aborts(JobContext&) { std::abort(); }

ScraperResult exits_silently(JobContext&) { std::_Exit(3); }

ScraperResult exits_as_if_well(JobContext&) {
  std::exit(0);  // NOLINT(concurrency-mt-unsafe): it is what no job should do
}

ScraperResult writes_garbage(JobContext&) {
  constexpr std::string_view kGarbage = "this is not a message\n";
  if (write(4, kGarbage.data(), kGarbage.size()) < 0) std::abort();
  return {};
}

ScraperResult floods(JobContext& context) {
  const std::string line(1023, 'x');
  for (std::int64_t left = number(context, "bytes", 1 << 20); left > 0; left -= 1024) std::puts(line.c_str());
  std::puts("the last line");
  return {};
}

void append_pid(const std::string& file) {
  std::ofstream{file, std::ios::app} << getpid() << '\n' << std::flush;
}

// One child in the run's session, and one that has left it and its parent.
ScraperResult forks_children(JobContext& context) {
  const std::string file = context.parameter("file");
  if (fork() == 0) {
    append_pid(file);
    for (;;) pause();
  }
  if (fork() == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    append_pid(file);
    for (;;) pause();
  }
  if (context.parameter("wait", "true") == "true") return sleeps(context);
  return {};
}

ScraperResult counts(JobContext& context) {
  ScraperResult result;
  const std::int64_t before = context.last_entry().empty() ? 0 : std::stoll(context.last_entry());
  result.last_entry = std::to_string(before + 1);
  result.lines_processed = before + 1;
  context.info("counted");
  return result;
}

ScraperResult echo(JobContext& context) {
  for (const auto& [name, value] : context.parameters())
    context.info(std::string{name}.append("=").append(value));
  context.info("last_entry=" + context.last_entry());
  context.info("attempt=" + std::to_string(context.attempt()));
  std::printf("printed by the job\n");
  std::fflush(stdout);
  return {};
}

ScraperResult progress(JobContext& context) {
  for (int done = 0; done <= 10; ++done) context.progress(done, 10, "step");
  return {};
}

ScraperResult touch(JobContext& context) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::string line =
      std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()) + "\n";
  const int file = open(context.parameter("path").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line.data(), line.size()) < 0) throw std::runtime_error{"cannot write to path"};
  close(file);
  return {};
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  const auto add = [&](const std::string& name, rota::JobFunction function, bool as_thread) {
    scheduler.register_job({.name = "p_" + name, .function = function, .run_in_process = true});
    if (as_thread) scheduler.register_job({.name = "t_" + name, .function = function});
  };
  add("ok", ok, true);
  add("no_op", no_op, true);
  add("fails", fails, true);
  add("throws", throws, true);
  add("sleeps", sleeps, true);
  add("burns", burns, true);
  add("ignores_sigterm", ignores_sigterm, false);
  add("segfaults", segfaults, false);
  add("aborts", aborts, false);
  add("exits_silently", exits_silently, false);
  add("exits_as_if_well", exits_as_if_well, false);
  add("garbage", writes_garbage, false);
  add("floods", floods, false);
  add("forks_children", forks_children, false);
  add("counts", counts, true);
  add("echo", echo, true);
  add("progress", progress, true);
  add("touch", touch, true);
}
