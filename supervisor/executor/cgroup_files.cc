#include "supervisor/executor/cgroup_files.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <vector>

namespace rota {
namespace {

constexpr std::string_view kRunPrefix = "run-";

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string{text}};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

template <typename Taker>
void for_each_line(std::string_view text, Taker take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

template <typename Number>
std::optional<Number> number_at_start(std::string_view text) {
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop == text.data()) return std::nullopt;
  return number;
}

// proc(5): a blank, a tabulator, a newline and a backslash are written as three octal digits.
std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 3 < text.size()) {
      plain += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
      at += 3;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

// What is left of `path` below `root`, with its slash; nullopt if it is not below.
std::optional<std::string> below(const std::string& path, const std::string& root) {
  if (root == "/") return path == "/" ? "" : path;
  if (!path.starts_with(root)) return std::nullopt;
  const std::string rest = path.substr(root.size());
  if (!rest.empty() && rest.front() != '/') return std::nullopt;
  return rest;
}

}  // namespace

std::optional<std::string> cgroup_path(std::string_view proc_cgroup) {
  std::optional<std::string> path;
  for_each_line(proc_cgroup, [&](std::string_view line) {
    if (line.starts_with("0::")) path = line.substr(3);
  });
  // A process outside of what a cgroup namespace shows.
  if (path && path->starts_with("/..")) return std::nullopt;
  return path;
}

std::optional<std::filesystem::path> mounted_cgroup(std::string_view mountinfo, const std::string& path) {
  std::optional<std::filesystem::path> found;
  for_each_line(mountinfo, [&](std::string_view line) {
    // id, parent, device, root, mount point, options, optional fields, "-", type, source, options
    const std::vector<std::string> fields = words_of(line);
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (found || fields.size() < 6 || fields.end() - dash < 2 || *(dash + 1) != "cgroup2") return;
    if (const auto rest = below(path, unescaped(fields[3]))) found = unescaped(fields[4]) + *rest;
  });
  return found;
}

std::optional<std::uint64_t> keyed_number(std::string_view text, std::string_view key) {
  std::optional<std::uint64_t> number;
  for_each_line(text, [&](std::string_view line) {
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ')
      number = number_at_start<std::uint64_t>(line.substr(key.size() + 1));
  });
  return number;
}

bool lists(std::string_view text, std::string_view word) {
  const std::vector<std::string> words = words_of(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string run_cgroup_name(RunId run_id) { return std::string{kRunPrefix} + std::to_string(run_id); }

std::optional<RunId> run_of_cgroup(std::string_view path, std::string_view base) {
  if (base == "/") base = "";
  if (!path.starts_with(base)) return std::nullopt;
  path.remove_prefix(base.size());
  if (!path.starts_with('/')) return std::nullopt;
  path.remove_prefix(1);
  if (!path.starts_with(kRunPrefix)) return std::nullopt;
  return number_at_start<RunId>(path.substr(kRunPrefix.size()));
}

}  // namespace rota
