// What is wrong with policies. The configuration's own are checked where they are read, with
// their place; this is for those that a module registers. Pure.
#pragma once

#include <rota/policies.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace rota {

// A sentence for each value out of its range and for a group that is not one of `groups`.
std::vector<std::string> policy_faults(const Policies& policies,
                                       const std::map<std::string, int, std::less<>>& groups);

}  // namespace rota
