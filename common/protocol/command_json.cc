#include "common/protocol/command_json.h"

#include <array>
#include <limits>
#include <utility>

#include "common/protocol/json_members.h"
#include "common/protocol/utf8.h"

namespace rota {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<IoClass, std::string_view>, 3> kIoClassWords{{
    {IoClass::inherited, "inherited"},
    {IoClass::best_effort, "best-effort"},
    {IoClass::idle, "idle"},
}};

template <typename Number>
json::value number_or_null(const std::optional<Number>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::array list(const std::vector<std::string>& texts) {
  json::array array;
  for (const std::string& text : texts) array.emplace_back(to_valid_utf8(text));
  return array;
}

json::object to_json(const Confinement& confinement) {
  return {{"no_new_privileges", confinement.no_new_privileges},
          {"private_network", confinement.private_network},
          {"read_only_paths", list(confinement.read_only_paths)}};
}

Confinement confinement_of(const json::object& object) {
  return {boolean(object, "no_new_privileges", false), boolean(object, "private_network", false),
          text_list(object, "read_only_paths")};
}

std::string_view word_of(IoClass io_class) {
  for (const auto& [candidate, word] : kIoClassWords)
    if (candidate == io_class) return word;
  return {};
}

IoClass io_class_of(std::string_view word) {
  for (const auto& [io_class, candidate] : kIoClassWords)
    if (candidate == word) return io_class;
  wrong_kind("io_class", "inherited, best-effort or idle");
}

std::optional<int> optional_between(const json::object& object, std::string_view name, int least, int most) {
  const auto number = optional_integer(object, name);
  if (!number) return std::nullopt;
  if (*number < least || *number > most)
    wrong_kind(name, "a number from " + std::to_string(least) + " to " + std::to_string(most));
  return static_cast<int>(*number);
}

}  // namespace

json::object to_json(const CommandLimits& limits) {
  std::optional<std::int64_t> cpu_time;
  if (limits.cpu_time) cpu_time = limits.cpu_time->count();
  return {{"memory_bytes", number_or_null(limits.memory_bytes)},
          {"cpu_time_s", number_or_null(cpu_time)},
          {"open_files", number_or_null(limits.open_files)},
          {"processes", number_or_null(limits.processes)},
          {"file_size_bytes", number_or_null(limits.file_size_bytes)}};
}

CommandLimits limits_of(const json::object& object) {
  CommandLimits limits;
  limits.memory_bytes = optional_natural(object, "memory_bytes");
  if (const auto seconds = optional_integer(object, "cpu_time_s")) {
    if (*seconds < 0) wrong_kind("cpu_time_s", "an integer that is not negative");
    limits.cpu_time = std::chrono::seconds{*seconds};
  }
  limits.open_files = optional_natural(object, "open_files");
  limits.processes = optional_natural(object, "processes");
  limits.file_size_bytes = optional_natural(object, "file_size_bytes");
  return limits;
}

json::object to_json(const Command& command) {
  json::object environment;
  for (const auto& [name, value] : command.environment)
    environment[to_valid_utf8(name)] = to_valid_utf8(value);
  return {{"arguments", list(command.arguments)},
          {"directory", to_valid_utf8(command.directory)},
          {"environment", std::move(environment)},
          {"pass_environment", list(command.pass_environment)},
          {"user", to_valid_utf8(command.user)},
          {"group", to_valid_utf8(command.group)},
          {"umask", number_or_null(command.umask)},
          {"nice", number_or_null(command.nice)},
          {"io_class", word_of(command.io_class)},
          {"limits", to_json(command.limits)},
          {"confinement", to_json(command.confinement)},
          {"success_exit_codes",
           json::array(command.success_exit_codes.begin(), command.success_exit_codes.end())},
          {"standard_input", to_valid_utf8(command.standard_input)}};
}

Command command_of(const json::object& object) {
  Command command;
  command.arguments = text_list(object, "arguments");
  if (command.arguments.empty()) wrong_kind("arguments", "a list of at least one string");
  command.directory = text(object, "directory");
  command.environment = text_map(object, "environment");
  command.pass_environment = text_list(object, "pass_environment");
  command.user = text(object, "user");
  command.group = text(object, "group");
  command.umask = optional_between(object, "umask", 0, 0777);
  command.nice = optional_between(object, "nice", -20, 19);
  command.io_class = io_class_of(text(object, "io_class"));
  command.limits = limits_of(object_member(object, "limits"));
  // A supervisor of the version before knows nothing of it.
  if (find_member(object, "confinement"))
    command.confinement = confinement_of(object_member(object, "confinement"));
  command.success_exit_codes = integer_list(object, "success_exit_codes");
  command.standard_input = text(object, "standard_input");
  return command;
}

}  // namespace rota
