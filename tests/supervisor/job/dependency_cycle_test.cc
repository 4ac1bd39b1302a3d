#include "supervisor/job/dependency_cycle.h"

#include <doctest/doctest.h>

using rota::find_cycle;
using Graph = std::map<std::string, std::vector<std::string>>;

TEST_CASE("a graph without a cycle has none") {
  CHECK_FALSE(find_cycle({}));
  CHECK_FALSE(find_cycle({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}, {"d", {}}}));
  CHECK_FALSE(find_cycle({{"a", {"unknown"}}}));
  CHECK_FALSE(find_cycle({{"b", {"a"}}, {"c", {"a", "b"}}}));
}

TEST_CASE("a cycle is told from the least of its names") {
  CHECK(find_cycle({{"a", {"a"}}}) == "a → a");
  CHECK(find_cycle({{"b", {"a"}}, {"a", {"b"}}}) == "a → b → a");
  CHECK(find_cycle({{"a", {"z"}}, {"z", {"y"}}, {"y", {"x"}}, {"x", {"z"}}}) == "x → z → y → x");
  CHECK(find_cycle({{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d", "e"}}, {"d", {}}, {"e", {"c"}}}) ==
        "c → e → c");
}

TEST_CASE("of several cycles the same is told however often one asks") {
  const Graph graph{{"a", {"b"}}, {"b", {"c", "a"}}, {"c", {"a"}}, {"x", {"y"}}, {"y", {"x"}}};
  CHECK(find_cycle(graph) == "a → b → c → a");
  CHECK(find_cycle(graph) == find_cycle(graph));
}

TEST_CASE("a chain of a hundred thousand jobs takes no stack") {
  Graph graph;
  const auto name = [](int number) { return "job_" + std::to_string(number); };
  for (int number = 0; number < 100'000; ++number) graph[name(number)] = {name(number + 1)};
  CHECK_FALSE(find_cycle(graph));
  graph[name(100'000)] = {name(99'999)};
  CHECK(find_cycle(graph) == "job_100000 → job_99999 → job_100000");
}

TEST_CASE("a graph with many ways to each job is walked once") {
  Graph graph;
  for (int level = 0; level < 200; ++level)
    for (const char* side : {"left", "right"})
      graph[side + std::to_string(level)] = {"left" + std::to_string(level + 1),
                                             "right" + std::to_string(level + 1)};
  CHECK_FALSE(find_cycle(graph));
}
