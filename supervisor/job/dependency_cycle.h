// The graph of jobs that run after others. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rota {

// A cycle as "a → b → a", where each runs after the next, from the least of its names; nullopt
// if there is none. `after` has the jobs that each job runs after; a name that is no key runs
// after nothing. The same graph gives the same cycle. Of any depth: it takes no stack.
std::optional<std::string> find_cycle(const std::map<std::string, std::vector<std::string>>& after);

// What is told to whoever configured a cycle, or nullopt.
std::optional<std::string> cycle_fault(const std::map<std::string, std::vector<std::string>>& after);

}  // namespace rota
