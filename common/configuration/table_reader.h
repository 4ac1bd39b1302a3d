// One table of a configuration file: reads values of the wanted kind and collects
// what is wrong with them, so that all faults of a file are told at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

namespace rota {

// The faults of one file, in the order in which they were found.
class Problems {
 public:
  explicit Problems(std::filesystem::path file) : file_{std::move(file)} {}

  void add(const toml::source_region& place, const std::string& message);
  // Of something that has no place in the file.
  void add(const std::string& message) { messages_.push_back(file_.string() + ": " + message); }
  const std::vector<std::string>& messages() const { return messages_; }
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  std::vector<std::string> messages_;
};

// Whether a value may be empty, or zero.
enum class Least { something, nothing };

// Each member that takes a key reads it: the value if it is there and good, else nullopt,
// with a problem added if it is there. `finish` then reports the keys that nobody asked for, all of which
// must live until then.
class TableReader {
 public:
  // `table` may be null: the table is not in the file. `name` is how messages call it.
  TableReader(const toml::table* table, std::string name, Problems& problems)
      : table_{table}, name_{std::move(name)}, problems_{problems} {}

  std::optional<std::string> text(std::string_view key, Least least = Least::something);
  std::optional<bool> boolean(std::string_view key);
  std::optional<std::int64_t> whole(std::string_view key, std::int64_t low, std::int64_t high);
  std::optional<double> number(std::string_view key, double low, double high);
  std::optional<std::chrono::milliseconds> duration(std::string_view key, Least least = Least::something);
  // A duration of whole seconds.
  std::optional<std::chrono::seconds> seconds(std::string_view key, Least least = Least::something);
  std::optional<std::uint64_t> size(std::string_view key);  // "64 KiB", or a number of bytes
  // A relative one starts at the directory of the file.
  std::optional<std::filesystem::path> path(std::string_view key);
  std::optional<std::vector<std::string>> texts(std::string_view key, Least least = Least::something);
  std::optional<std::vector<int>> wholes(std::string_view key, int low, int high);
  std::optional<std::map<std::string, std::string, std::less<>>> values(std::string_view key);
  // The index in `words` of the one that stands there.
  std::optional<std::size_t> one_of(std::string_view key, const std::vector<std::string>& words);
  TableReader table(std::string_view key);

  // Says that the key is read elsewhere.
  void know(std::string_view key) { known_.emplace_back(key); }

  void finish();

  // A problem with the value of a key, which is shown, or with the table if the key is not there.
  void fault(std::string_view key, const std::string& message);
  // The same of a value that may be long or secret: it is not shown.
  void silent_fault(std::string_view key, const std::string& message);
  // The value is a table, for keys that have a short form too.
  bool is_table(std::string_view key) const { return has(key) && table_->get(key)->is_table(); }
  bool is_whole(std::string_view key) const { return has(key) && table_->get(key)->is_integer(); }
  bool has(std::string_view key) const { return table_ && table_->contains(key); }
  const toml::table* get() const { return table_; }
  const std::filesystem::path& file() const { return problems_.file(); }
  // "FILE:LINE" of the table.
  std::string place() const;

 private:
  const toml::node* node(std::string_view key);
  std::string full(std::string_view key) const;

  const toml::table* table_;
  std::string name_;
  Problems& problems_;
  std::vector<std::string_view> known_;
};

}  // namespace rota
