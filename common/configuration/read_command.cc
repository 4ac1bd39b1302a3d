#include "common/configuration/read_command.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "common/configuration/read_confinement.h"

namespace rota {
namespace {

using namespace std::string_literals;

// A start message is a line of 64 KiB (common/protocol/message.h); the rest is for the run's
// parameters and what the run before left behind.
constexpr std::size_t kMostBytes = std::size_t{48} * 1024;

bool has_zero_byte(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool is_variable_name(std::string_view name) {
  return !name.empty() && name.find('=') == std::string_view::npos && !has_zero_byte(name);
}

// The bytes that a text takes in JSON, RFC 8259, section 7.
std::size_t json_bytes(std::string_view text) {
  std::size_t bytes = 2;
  for (const char letter : text) {
    const bool escaped =
        letter == '"' || letter == '\\' || (letter >= '\b' && letter <= '\r' && letter != '\v');
    bytes += escaped ? 2 : static_cast<unsigned char>(letter) < 0x20 ? 6 : 1;
  }
  return bytes;
}

std::size_t json_bytes(const Command& command) {
  std::size_t bytes = json_bytes(command.standard_input);
  for (const std::string& path : command.confinement.read_only_paths) bytes += json_bytes(path) + 1;
  for (const std::string& argument : command.arguments) bytes += json_bytes(argument) + 1;
  for (const auto& [name, value] : command.environment) bytes += json_bytes(name) + json_bytes(value) + 2;
  return bytes;
}

// Arguments may be empty, the program may not.
std::optional<std::vector<std::string>> read_arguments(TableReader& reader) {
  std::vector<std::string> arguments;
  bool good = false;
  if (const auto* array = reader.get()->get("command")->as_array()) {
    good = !array->empty();
    for (const toml::node& entry : *array) {
      const auto* value = entry.as_string();
      good = good && value && !has_zero_byte(value->get()) && (!arguments.empty() || !value->get().empty());
      if (value) arguments.push_back(value->get());
    }
  }
  if (good) return arguments;
  reader.fault("command",
               "expected a list of texts, the program and its arguments, such as "
               "[\"/usr/bin/python3\", \"scrape.py\"]; a line for the shell is the value of shell");
  return std::nullopt;
}

std::vector<std::string> read_program(TableReader& reader) {
  const auto shell = reader.text("shell");
  if (shell && has_zero_byte(*shell)) reader.fault("shell", "expected a text without zero bytes");
  if (!reader.has("command")) return {"/bin/sh", "-c", shell.value_or("")};
  if (reader.has("shell")) reader.fault("shell", "expected either command or shell, not both");
  return read_arguments(reader).value_or(std::vector<std::string>{});
}

void read_environment(TableReader& reader, Command& command) {
  if (auto values = reader.values("environment")) command.environment = *std::move(values);
  for (const auto& [name, value] : command.environment)
    if (!is_variable_name(name) || has_zero_byte(value))
      reader.silent_fault("environment",
                          "expected names that are not empty and have no =, and no zero bytes; "
                          "mend \"" +
                              name.substr(0, name.find('\0')) + "\"");
  if (auto names = reader.texts("pass_environment", Least::nothing))
    command.pass_environment = *std::move(names);
  if (!std::all_of(command.pass_environment.begin(), command.pass_environment.end(), is_variable_name))
    reader.fault("pass_environment", "expected names of variables, whose values come from the supervisor");
}

// A name or a number, as a text or bare.
std::string read_account(TableReader& reader, std::string_view key) {
  constexpr std::int64_t kHighest = 4'294'967'294;  // (uid_t)-1 means "no change"
  if (reader.is_whole(key)) {
    const auto number = reader.whole(key, 0, kHighest);
    return number ? std::to_string(*number) : "";
  }
  const auto name = reader.text(key);
  if (name && (has_zero_byte(*name) || name->find_first_of(":/ \t\n") != std::string::npos))
    reader.fault(key, "expected a name or a number");
  return name.value_or("");
}

std::optional<int> read_umask(TableReader& reader) {
  const auto text = reader.text("umask");
  if (!text) return std::nullopt;
  const bool octal = text->size() <= 4 && std::all_of(text->begin(), text->end(), [](char digit) {
                       return digit >= '0' && digit <= '7';
                     });
  const int mask = octal ? std::stoi(*text, nullptr, 8) : -1;
  if (mask >= 0 && mask <= 0777) return mask;
  reader.fault("umask", "expected an octal number as a text, from \"000\" to \"777\", such as \"027\"");
  return std::nullopt;
}

void read_process(TableReader& reader, Command& command) {
  if (const auto directory = reader.path("directory")) command.directory = directory->string();
  if (has_zero_byte(command.directory)) reader.fault("directory", "expected a path");
  command.user = read_account(reader, "user");
  command.group = read_account(reader, "user_group");
  command.umask = read_umask(reader);
  if (const auto nice = reader.whole("nice", -20, 19)) command.nice = static_cast<int>(*nice);
  if (const auto io_class = reader.one_of("io_class", {"best-effort", "idle"}))
    command.io_class = *io_class == 0 ? IoClass::best_effort : IoClass::idle;
  command.confinement = read_confinement(reader);
  command.success_exit_codes =
      reader.wholes("success_exit_codes", 0, 255).value_or(command.success_exit_codes);
  command.standard_input = reader.text("standard_input", Least::nothing).value_or("");
}

}  // namespace

CommandLimits read_limits(TableReader table) {
  CommandLimits limits;
  limits.memory_bytes = table.size("memory");
  limits.cpu_time = table.seconds("cpu");
  // The worker itself holds descriptors until it has become the command.
  if (const auto files = table.whole("open_files", 16, 1'000'000))
    limits.open_files = static_cast<std::uint64_t>(*files);
  if (const auto processes = table.whole("processes", 1, 1'000'000))
    limits.processes = static_cast<std::uint64_t>(*processes);
  limits.file_size_bytes = table.size("file_size");
  // Of one CPU, so above 100 for what has threads.
  if (const auto share = table.whole("cpu_share", 1, 100'000))
    limits.cpu_share_percent = static_cast<int>(*share);
  table.finish();
  return limits;
}

std::optional<Command> read_command(TableReader& reader) {
  constexpr std::array kKeys{
      "directory", "environment", "pass_environment",   "user",          "user_group", "umask",
      "nice",      "io_class",    "success_exit_codes", "standard_input"};
  const bool is_command = reader.has("command") || reader.has("shell");
  Command command;
  reader.know("command");
  command.arguments = read_program(reader);
  read_environment(reader, command);
  read_process(reader, command);
  if (!is_command) {
    const auto refuse = [&](const char* key) {
      if (reader.has(key)) reader.silent_fault(key, "expected it beside command or shell only");
    };
    std::for_each(kKeys.begin(), kKeys.end(), refuse);
    std::for_each(kConfinementKeys.begin(), kConfinementKeys.end(), refuse);
    return std::nullopt;
  }
  const std::size_t bytes = json_bytes(command);
  if (bytes > kMostBytes)
    reader.silent_fault(reader.has("standard_input") ? "standard_input"
                        : reader.has("command")      ? "command"
                                                     : "shell",
                        "command, environment and standard_input take " + std::to_string(bytes) +
                            " bytes together as JSON, expected at most " + std::to_string(kMostBytes) +
                            "; put the text into a file that the command reads");
  return command;
}

}  // namespace rota
