// raw_rows DATABASE RUNS GROUP: begins and finishes the rows of runs by plain SQLite, GROUP in a transaction,
// and prints how many runs a second.
#include "tests/bench/yardsticks/raw_rows.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "supervisor/run/clock.h"

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  rota::bench::RawRows rows{argv[1]};
  const int runs = std::atoi(argv[2]);
  const int group = std::atoi(argv[3]);
  const auto begin = std::chrono::steady_clock::now();
  for (int done = 0; done < runs; done += group) {
    std::vector<rota::RunId> ids(static_cast<std::size_t>(std::min(group, runs - done)));
    rows.begin();
    for (rota::RunId& id : ids) id = rows.begin_run(rota::current_instant());
    rows.commit();
    rows.begin();
    for (const rota::RunId id : ids) rows.finish_run(id, rota::current_instant());
    rows.commit();
  }
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
  std::printf("{\"runs/s\": %.1f}\n", runs / time.count());
  return 0;
}
