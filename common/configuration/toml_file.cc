#include "common/configuration/toml_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "common/file/descriptor.h"
#include "common/file/owner.h"

namespace rota {
namespace {

std::optional<std::string> read_all(int descriptor) {
  std::string text;
  std::array<char, 16384> buffer{};
  for (;;) {
    const ssize_t count = read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return text;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) return std::nullopt;
  }
}

// The text of the file; its owner is asked of the opened file, so that no other can take its place.
std::optional<std::string> read_text(Problems& problems) {
  // Without O_NONBLOCK the opening of a FIFO would wait for a writer.
  const Descriptor file{open(problems.file().c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  struct stat status {};
  if (!file.is_open() || fstat(file.get(), &status) != 0) {
    problems.add(std::string{"cannot be read: "} + std::strerror(errno));
    return std::nullopt;
  }
  if (!S_ISREG(status.st_mode)) {
    problems.add("expected a regular file");
    return std::nullopt;
  }
  if (const std::string fault = owner_fault(status, problems.file()); !fault.empty()) {
    problems.add(fault);
    return std::nullopt;
  }
  auto text = read_all(file.get());
  if (!text) problems.add(std::string{"cannot be read: "} + std::strerror(errno));
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// "[jobs.one]" of a line that begins a table, else nothing.
std::string_view header_of(std::string_view line) {
  const auto begin = std::min(line.find_first_not_of(" \t"), line.size());
  const auto end = line.find(']');
  return begin < line.size() && line[begin] == '[' && end != std::string_view::npos
             ? line.substr(begin, end + 1 - begin)
             : std::string_view{};
}

// Where the table stands already that begins again on `line`; the parser tells only the second place.
std::string first_place(std::string_view text, std::size_t line, const std::filesystem::path& file) {
  const auto lines = lines_of(text);
  if (line == 0 || line > lines.size() || header_of(lines[line - 1]).empty()) return "";
  for (std::size_t number = 1; number < line; ++number)
    if (header_of(lines[number - 1]) == header_of(lines[line - 1]))
      return "; " + std::string{header_of(lines[line - 1])} + " stands at " + file.string() + ":" +
             std::to_string(number) + " already";
  return "";
}

}  // namespace

std::optional<toml::table> read_toml_file(Problems& problems) {
  const auto text = read_text(problems);
  if (!text) return std::nullopt;
  try {
    return toml::parse(*text, problems.file().string());
  } catch (const toml::parse_error& error) {
    problems.add(error.source(), std::string{error.description()} +
                                     first_place(*text, error.source().begin.line, problems.file()));
    return std::nullopt;
  }
}

void check_directory_owner(const std::filesystem::path& directory, Problems& problems) {
  if (const std::string fault = owner_fault(directory); !fault.empty())
    problems.add("jobs_directory " + directory.string() + ": " + fault);
}

}  // namespace rota
