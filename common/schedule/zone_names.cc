#include "common/schedule/zone_names.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace rota {
namespace {

std::filesystem::path zone_directory() {
  const char* directory = std::getenv("TZDIR");  // NOLINT(concurrency-mt-unsafe): nothing here sets it
  return directory ? directory : "/usr/share/zoneinfo";
}

bool is_safe_name(std::string_view name) {
  const auto allowed = [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '/' || letter == '_' || letter == '-' ||
           letter == '+';
  };
  return !name.empty() && name.front() != '/' && name.back() != '/' &&
         std::all_of(name.begin(), name.end(), allowed);
}

// The zones below right/ count leap seconds, which the system's clock, and so cctz, does not.
bool counts_leap_seconds(std::string_view name) { return name.starts_with("right/"); }

bool is_in_tzdata(std::string_view name) {
  if (!is_safe_name(name) || counts_leap_seconds(name)) return false;
  const auto file = zone_directory() / name;
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  char magic[4] = {};
  std::ifstream{file, std::ios::binary}.read(magic, sizeof magic);
  return std::string_view{magic, sizeof magic} == "TZif";
}

}  // namespace

bool is_known_zone(std::string_view name) {
  // A configuration names the same zone for each of its jobs.
  thread_local std::string last_known = "UTC";
  if (name == last_known) return true;
  if (name != "UTC" && !is_in_tzdata(name)) return false;
  last_known = name;
  return true;
}

std::string system_zone() {
  std::error_code ignored;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", ignored).string();
  constexpr std::string_view kDirectory = "zoneinfo/";
  if (const auto found = target.find(kDirectory); found != std::string::npos)
    if (auto name = target.substr(found + kDirectory.size()); is_known_zone(name)) return name;
  std::string name;
  std::getline(std::ifstream{"/etc/timezone"} >> std::ws, name);
  return is_known_zone(name) ? name : "UTC";
}

}  // namespace rota
