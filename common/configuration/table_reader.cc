#include "common/configuration/table_reader.h"

#include <algorithm>
#include <sstream>

#include "common/text/nearest_word.h"
#include "common/time/duration.h"

namespace rota {
namespace {

std::string written(const toml::node& node) {
  std::ostringstream text;
  text << toml::node_view<const toml::node>{node};
  return text.str();
}

// As a message shows it: on one line, and not all of a long one.
std::string shown(const toml::node& node) {
  constexpr std::size_t kLongest = 120;
  std::string text = written(node);
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + " …";
}

}  // namespace

void Problems::add(const toml::source_region& place, const std::string& message) {
  messages_.push_back(file_.string() + ":" + std::to_string(place.begin.line) + ":" +
                      std::to_string(place.begin.column) + ": " + message);
}

std::string TableReader::full(std::string_view key) const {
  return name_.empty() ? std::string{key} : name_ + "." + std::string{key};
}

const toml::node* TableReader::node(std::string_view key) {
  known_.emplace_back(key);
  return table_ ? table_->get(key) : nullptr;
}

void TableReader::fault(std::string_view key, const std::string& message) {
  const toml::node* found = table_ ? table_->get(key) : nullptr;
  if (found)
    problems_.add(found->source(), full(key) + ": found " + shown(*found) + ", " + message);
  else if (table_)
    problems_.add(table_->source(), full(key) + ": missing, " + message);
  else
    problems_.add(full(key) + ": missing, " + message);
}

void TableReader::silent_fault(std::string_view key, const std::string& message) {
  const toml::node* found = table_ ? table_->get(key) : nullptr;
  if (!found) return fault(key, message);
  problems_.add(found->source(), full(key) + ": " + message);
}

std::string TableReader::place() const {
  return file().string() + (table_ ? ":" + std::to_string(table_->source().begin.line) : "");
}

std::optional<std::string> TableReader::text(std::string_view key, Least least) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  const auto* value = found->as_string();
  if (value && (least == Least::nothing || !value->get().empty())) return value->get();
  fault(key, least == Least::nothing ? "expected a text" : "expected a text that is not empty");
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (const auto* value = found->as_boolean()) return value->get();
  fault(key, "expected true or false");
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::whole(std::string_view key, std::int64_t low, std::int64_t high) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (const auto* value = found->as_integer(); value && value->get() >= low && value->get() <= high)
    return value->get();
  fault(key, "expected a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return std::nullopt;
}

std::optional<double> TableReader::number(std::string_view key, double low, double high) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (found->is_number())
    if (const double value = found->value<double>().value_or(high + 1); value >= low && value <= high)
      return value;
  std::ostringstream expected;
  expected << "expected a number from " << low << " to " << high;
  fault(key, expected.str());
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> TableReader::duration(std::string_view key, Least least) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (const auto* value = found->as_string())
    if (const auto duration = parse_duration(value->get());
        duration && (duration->count() > 0 || least == Least::nothing))
      return duration;
  fault(key, std::string{"expected a duration "} + (least == Least::something ? "above zero " : "") +
                 "as a text, such as \"30 s\", \"15 minutes\" or \"1h30m\"");
  return std::nullopt;
}

std::optional<std::chrono::seconds> TableReader::seconds(std::string_view key, Least least) {
  const auto exact = duration(key, least);
  if (!exact) return std::nullopt;
  const auto whole = std::chrono::floor<std::chrono::seconds>(*exact);
  if (whole == *exact) return whole;
  fault(key, "expected whole seconds");
  return std::nullopt;
}

std::optional<std::uint64_t> TableReader::size(std::string_view key) {
  constexpr std::int64_t kLeast = 1024;
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  std::int64_t bytes = -1;
  if (const auto* value = found->as_integer()) bytes = value->get();
  if (const auto* value = found->as_string()) {
    std::istringstream reader{value->get()};
    std::int64_t count = 0;
    std::string unit;
    std::string rest;
    reader >> count >> unit >> rest;
    const std::vector<std::string> units{"B", "KiB", "MiB", "GiB"};
    const auto known = std::find(units.begin(), units.end(), unit);
    if (known != units.end() && rest.empty() && count > 0 && count <= kMost)
      bytes = count << std::min<std::int64_t>(10 * (known - units.begin()), 30);
  }
  if (bytes >= kLeast && bytes <= kMost) return static_cast<std::uint64_t>(bytes);
  fault(key, "expected a size from 1 KiB to 1024 GiB, such as \"64 KiB\" or \"4 MiB\"");
  return std::nullopt;
}

std::optional<std::filesystem::path> TableReader::path(std::string_view key) {
  const auto value = text(key);
  if (!value) return std::nullopt;
  return (std::filesystem::absolute(problems_.file()).parent_path() / *value).lexically_normal();
}

std::optional<std::vector<std::string>> TableReader::texts(std::string_view key, Least least) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  std::vector<std::string> all;
  if (const auto* array = found->as_array())
    for (const toml::node& entry : *array)
      if (const auto* value = entry.as_string(); value && !value->get().empty()) all.push_back(value->get());
  if (found->is_array() && all.size() == found->as_array()->size() &&
      (least == Least::nothing || !all.empty()))
    return all;
  fault(key, std::string{"expected a list of texts"} +
                 (least == Least::something ? " that is not empty" : "") + ", such as [\"one\", \"two\"]");
  return std::nullopt;
}

std::optional<std::vector<int>> TableReader::wholes(std::string_view key, int low, int high) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  std::vector<int> all;
  if (const auto* array = found->as_array())
    for (const toml::node& entry : *array)
      if (const auto* value = entry.as_integer(); value && value->get() >= low && value->get() <= high)
        all.push_back(static_cast<int>(value->get()));
  if (found->is_array() && all.size() == found->as_array()->size() && !all.empty()) return all;
  fault(key, "expected a list of whole numbers from " + std::to_string(low) + " to " + std::to_string(high) +
                 " that is not empty");
  return std::nullopt;
}

std::optional<std::map<std::string, std::string, std::less<>>> TableReader::values(std::string_view key) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  std::map<std::string, std::string, std::less<>> all;
  const auto* entries = found->as_table();
  if (!entries) {
    silent_fault(key, "expected a table, such as { name = \"value\" }");
    return std::nullopt;
  }
  for (const auto& [name, value] : *entries) {
    if (const auto* text = value.as_string())
      all.emplace(name.str(), text->get());
    else if (value.is_number() || value.is_boolean())
      all.emplace(name.str(), written(value));
    else
      problems_.add(value.source(),
                    full(key) + "." + std::string{name.str()} + ": expected a text, a number, true or false");
  }
  return all;
}

std::optional<std::size_t> TableReader::one_of(std::string_view key, const std::vector<std::string>& words) {
  const toml::node* found = node(key);
  if (!found) return std::nullopt;
  if (const auto* value = found->as_string())
    if (const auto word = std::find(words.begin(), words.end(), value->get()); word != words.end())
      return static_cast<std::size_t>(word - words.begin());
  std::string expected;
  for (const std::string& word : words) expected += (expected.empty() ? "\"" : ", \"") + word + "\"";
  fault(key, "expected one of " + expected);
  return std::nullopt;
}

TableReader TableReader::table(std::string_view key) {
  const toml::node* found = node(key);
  if (found && !found->is_table()) fault(key, "expected a table, [" + full(key) + "]");
  return TableReader{found ? found->as_table() : nullptr, full(key), problems_};
}

void TableReader::finish() {
  if (!table_) return;
  for (const auto& [key, value] : *table_)
    if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
      problems_.add(key.source(), full(key.str()) + ": unknown key" +
                                      suggestion(key.str(), {known_.begin(), known_.end()}));
}

}  // namespace rota
