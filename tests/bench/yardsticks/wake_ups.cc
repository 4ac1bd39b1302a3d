// wake_ups SECONDS: sleeps on a timerfd until the start of each second, and prints by how many ms each
// wake-up was late. wake_ups SECONDS WORKER MODULE FILE: then also runs a worker whose job writes its instant
// to FILE.
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "tests/bench/yardsticks/bare_worker.h"

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
  const int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
  for (int i = std::atoi(argv[1]); i > 0; --i) {
    itimerspec setting{};
    setting.it_value.tv_sec = now() / kSecond + 1;
    timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, nullptr);
    std::uint64_t expirations = 0;
    if (read(timer, &expirations, sizeof expirations) < 0) return 1;
    if (argc < 5)
      print_late(now());
    else if (!rota::bench::run_bare({argv[2], argv[3], "touch", {{"path", argv[4]}}}))
      return 1;
  }
  close(timer);
  if (argc < 5) return 0;
  std::ifstream touched{argv[4]};
  for (std::int64_t instant = 0; touched >> instant;) print_late(instant);
  return 0;
}
