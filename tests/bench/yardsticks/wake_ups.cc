// wake_ups SECONDS [DATABASE [WORKER MODULE FILE]]: sleeps on a timerfd until the start of each second, and
// prints by how many ms each wake-up was late. With DATABASE, unless it is -, a row is committed after the
// wake-up and before its lateness is taken. With WORKER a worker is run then, and its job's first line is
// what is late; it writes to FILE.
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>

#include "supervisor/run/clock.h"
#include "tests/bench/yardsticks/bare_worker.h"
#include "tests/bench/yardsticks/raw_rows.h"

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t now() {
  timespec time{};
  clock_gettime(CLOCK_REALTIME, &time);
  return time.tv_sec * kSecond + time.tv_nsec;
}

void print_late(std::int64_t instant) { std::printf("%.4f\n", static_cast<double>(instant % kSecond) / 1e6); }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  std::optional<rota::bench::RawRows> rows;
  if (argc > 2 && std::string_view{argv[2]} != "-") rows.emplace(argv[2]);
  const bool with_worker = argc > 5;
  const int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
  for (int i = std::atoi(argv[1]); i > 0; --i) {
    itimerspec setting{};
    setting.it_value.tv_sec = now() / kSecond + 1;
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, nullptr);
    std::uint64_t expirations = 0;
    if (read(timer, &expirations, sizeof expirations) < 0) return 1;
    if (rows) {
      rows->begin();
      rows->begin_run(rota::current_instant());
      rows->commit();
    }
    if (!with_worker)
      print_late(now());
    else if (!rota::bench::spawn_and_run_bare({argv[3], argv[4], "touch", {{"path", argv[5]}}}))
      return 1;
  }
  close(timer);
  if (!with_worker) return 0;
  std::ifstream touched{argv[5]};
  for (std::int64_t instant = 0; touched >> instant;) print_late(instant);
  return 0;
}
