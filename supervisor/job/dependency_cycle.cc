#include "supervisor/job/dependency_cycle.h"

#include <algorithm>
#include <unordered_map>

namespace rota {
namespace {

using Graph = std::map<std::string, std::vector<std::string>>;

// A job on the way from where the search began, and which of its edges is next.
struct Step {
  Graph::const_iterator job;
  std::size_t next = 0;
};

std::string text_of(const std::vector<Step>& path, std::size_t begin) {
  std::vector<std::string> names;
  for (std::size_t index = begin; index < path.size(); ++index) names.push_back(path[index].job->first);
  std::rotate(names.begin(), std::min_element(names.begin(), names.end()), names.end());
  std::string text;
  for (const std::string& name : names) text += name + " → ";
  return text + names.front();
}

// Where a job was met: the index of its step on the path, or done with, with all that it runs after.
struct Mark {
  bool done = false;
  std::size_t index = 0;
};

using Marks = std::unordered_map<std::string, Mark>;

std::optional<std::string> search_from(Graph::const_iterator start, const Graph& after, Marks& marks) {
  std::vector<Step> path;
  const auto enter = [&](Graph::const_iterator job) {
    marks[job->first] = {false, path.size()};
    path.push_back({job});
  };
  enter(start);
  while (!path.empty()) {
    Step& step = path.back();
    if (step.next == step.job->second.size()) {
      marks[step.job->first].done = true;
      path.pop_back();
      continue;
    }
    const std::string& name = step.job->second[step.next++];
    const auto target = after.find(name);
    const auto mark = marks.find(name);
    if (mark != marks.end() && !mark->second.done) return text_of(path, mark->second.index);
    if (mark == marks.end() && target != after.end()) enter(target);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> find_cycle(const Graph& after) {
  Marks marks;
  for (auto job = after.begin(); job != after.end(); ++job)
    if (!marks.contains(job->first))
      if (auto cycle = search_from(job, after, marks)) return cycle;
  return std::nullopt;
}

std::optional<std::string> cycle_fault(const Graph& after) {
  const auto cycle = find_cycle(after);
  if (!cycle) return std::nullopt;
  return "jobs wait for each other and would never run: " + *cycle +
         "; take one of them out of the after of the one before it";
}

}  // namespace rota
