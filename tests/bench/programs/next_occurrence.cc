// next_occurrence COUNT: prints how many ns it takes to find the next occurrence, from the one before.
#include <rota/schedule.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/programs/schedules.h"

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
  const std::chrono::sys_seconds first{std::chrono::sys_days{std::chrono::January / 1 / 2026}};
  const std::chrono::sys_seconds last{std::chrono::sys_days{std::chrono::January / 1 / 2200}};
  const char* separator = "{";
  for (const auto& [name, text] : rota::bench::kSchedules) {
    const rota::Schedule schedule = rota::parse_schedule(text).with_default_zone("UTC");
    auto at = first;
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < count; ++i) at = at < last ? schedule.next_after(at).value_or(first) : first;
    const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
    std::printf("%s\"%s ns\": %.1f", separator, name, time.count() / count);
    separator = ", ";
  }
  std::puts("}");
  return 0;
}
