// A clock that a test can set, for one program: LD_PRELOAD puts it in front of the C library. The file named
// in ROTA_CLOCK holds how many nanoseconds CLOCK_REALTIME is ahead, as an int64; SIGUSR2 says that it was
// changed. As the kernel does, timerfd_create(2), that ends every wait of a timer with
// TFD_TIMER_CANCEL_ON_SET: read(2) fails with ECANCELED, or the next timerfd_settime(2) does. libfaketime
// moves clocks, but gives no such notice.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <ctime>

#include "tests/faults/next_function.h"

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int64_t ahead() {
  static const volatile std::int64_t* const memory = [] {
    const char* const file = std::getenv("ROTA_CLOCK");
    if (!file) std::abort();
    const int descriptor = open(file, O_RDONLY | O_CLOEXEC);
    void* const mapped = mmap(nullptr, sizeof(std::int64_t), PROT_READ, MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) std::abort();
    close(descriptor);
    return static_cast<const volatile std::int64_t*>(mapped);
  }();
  return *memory;
}

timespec moved(const timespec& time, std::int64_t by) {
  std::int64_t sum = time.tv_sec * kSecond + time.tv_nsec + by;
  if (sum < 1) sum = 1;  // what has passed fires at once; zero would be none
  return {sum / kSecond, sum % kSecond};
}

// By descriptor: a timer of CLOCK_REALTIME, that wants to hear of a set clock, and has not heard yet.
constexpr int kDescriptors = 1024;
std::array<std::atomic<bool>, kDescriptors> real_time;
std::array<std::atomic<bool>, kDescriptors> wants_notice;
std::array<std::atomic<bool>, kDescriptors> notice;

auto* const real_settime = next_function<decltype(timerfd_settime)>("timerfd_settime");

void clock_was_set(int) {
  const int error = errno;
  const itimerspec at_once{{0, 0}, {0, 1}};
  for (std::size_t each = 0; each < kDescriptors; ++each) {
    if (!wants_notice[each]) continue;
    notice[each] = true;
    real_settime(static_cast<int>(each), 0, &at_once, nullptr);
  }
  errno = error;
}

[[gnu::constructor]] void begin() {
  ahead();
  std::signal(SIGUSR2, clock_was_set);
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* time) {
  static const auto next = next_function<decltype(clock_gettime)>("clock_gettime");
  const int result = next(clock, time);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    *time = moved(*time, ahead());
  return result;
}

int gettimeofday(timeval* time, void*) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *time = {now.tv_sec, now.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* into) {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (into) *into = now.tv_sec;
  return now.tv_sec;
}

int timerfd_create(clockid_t clock, int flags) {
  static const auto next = next_function<decltype(timerfd_create)>("timerfd_create");
  const int descriptor = next(clock, flags);
  if (descriptor >= 0 && descriptor < kDescriptors && clock == CLOCK_REALTIME)
    real_time[static_cast<std::size_t>(descriptor)] = true;
  return descriptor;
}

int timerfd_settime(int descriptor, int flags, const itimerspec* value, itimerspec* old) {
  const auto index = static_cast<std::size_t>(descriptor);
  if (descriptor >= kDescriptors || !real_time[index] || (flags & TFD_TIMER_ABSTIME) == 0)
    return real_settime(descriptor, flags, value, old);
  itimerspec there = *value;
  there.it_value = moved(value->it_value, -ahead());
  wants_notice[index] = (flags & TFD_TIMER_CANCEL_ON_SET) != 0;
  const bool taken = notice[index].exchange(false);
  const int result = real_settime(descriptor, flags, &there, old);
  if (result != 0 || !taken) return result;
  errno = ECANCELED;
  return -1;
}

ssize_t read(int descriptor, void* buffer, size_t size) {
  static const auto next = next_function<decltype(read)>("read");
  const ssize_t got = next(descriptor, buffer, size);
  if (descriptor < 0 || descriptor >= kDescriptors || got < 0) return got;
  if (!notice[static_cast<std::size_t>(descriptor)].exchange(false)) return got;
  errno = ECANCELED;
  return -1;
}
}
