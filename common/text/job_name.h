// The rule that names of jobs and of concurrency groups follow, as <rota/job.h> states it. Pure.
#pragma once

#include <algorithm>
#include <string_view>

namespace rota {

inline constexpr std::string_view kNameRule =
    "a name has 1 to 64 letters, digits and _ . - and begins with a letter or digit";

inline constexpr std::size_t kLongestName = 64;

constexpr bool is_job_name(std::string_view name) {
  const auto alphanumeric = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
  };
  if (name.empty() || name.size() > kLongestName || !alphanumeric(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char letter) {
    return alphanumeric(letter) || letter == '_' || letter == '.' || letter == '-';
  });
}

}  // namespace rota
