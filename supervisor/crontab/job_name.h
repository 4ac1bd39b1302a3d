// What to call the job of a crontab's entry. Pure, and the same for the same crontab.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace rota {

inline constexpr std::size_t kLongestJobName = 40;

// The base name of the program that the command is about, in [a-z0-9_]: variables, changes of
// directory, tests and programs that only run another one are passed over, and an interpreter
// stands for its script. "job" if nothing is left.
std::string program_name(std::string_view command);

// `prefix` and `name` in at most 40 characters, with _2, _3 and so on if it is among `taken`,
// to which the answer is added.
std::string unique_name(const std::string& prefix, const std::string& name,
                        std::set<std::string, std::less<>>& taken);

}  // namespace rota
