#include "common/protocol/message.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>
#include <utility>

#include "common/protocol/command_json.h"
#include "common/protocol/json_members.h"
#include "common/protocol/utf8.h"

namespace rota {
namespace {

namespace json = boost::json;

constexpr std::array<std::pair<LogLevel, std::string_view>, 4> kLevelWords{{
    {LogLevel::debug, "debug"},
    {LogLevel::info, "info"},
    {LogLevel::warning, "warning"},
    {LogLevel::error, "error"},
}};

json::value optional_number(std::optional<std::int64_t> number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::object object_of(const StartMessage& start) {
  json::object parameters;
  for (const auto& [name, value] : start.parameters) parameters[to_valid_utf8(name)] = to_valid_utf8(value);
  std::optional<std::int64_t> scheduled_for;
  if (start.scheduled_for) scheduled_for = start.scheduled_for->time_since_epoch().count();
  json::value command = nullptr;
  if (start.command) command = to_json(*start.command);
  return {{"type", "start"},
          {"version", start.version},
          {"run_id", start.run_id},
          {"job", start.job},
          {"attempt", start.attempt},
          {"trigger", start.trigger},
          {"scheduled_for_ms", optional_number(scheduled_for)},
          {"deadline_ms", start.deadline.time_since_epoch().count()},
          {"parameters", std::move(parameters)},
          {"last_entry", to_valid_utf8(start.last_entry)},
          {"command", std::move(command)},
          {"limits", to_json(start.limits)}};
}

json::object object_of(const StopMessage&) { return {{"type", "stop"}}; }

json::object object_of(const HelloMessage& hello) {
  return {{"type", "hello"}, {"version", hello.version}, {"pid", hello.pid}};
}

json::object object_of(const ProgressMessage& progress) {
  return {{"type", "progress"},
          {"done", progress.done},
          {"total", optional_number(progress.total)},
          {"message", to_valid_utf8(progress.message)}};
}

json::object object_of(const LogMessage& log) {
  return {{"type", "log"}, {"level", to_string(log.level)}, {"message", to_valid_utf8(log.message)}};
}

json::object object_of(const ResultMessage& result) {
  return {{"type", "result"},
          {"success", result.success},
          {"error_type", to_valid_utf8(result.error_type)},
          {"error", to_valid_utf8(result.error)},
          {"lines_added", result.lines_added},
          {"lines_processed", result.lines_processed},
          {"last_entry", to_valid_utf8(result.last_entry)},
          {"max_rss_kib", result.max_rss_kib}};
}

// Halves the longest text that may be cut; false if none is left to cut.
bool cut(json::object& object) {
  json::string* longest = nullptr;
  for (const char* member : {"message", "error", "error_type"})
    if (json::value* value = object.if_contains(member); value && value->is_string())
      if (!longest || value->get_string().size() > longest->size()) longest = &value->get_string();
  constexpr std::string_view kMark = " […]";
  if (!longest || longest->size() <= 2 * kMark.size()) return false;
  const std::string_view text{longest->data(), longest->size()};
  const std::string shorter = std::string{utf8_prefix(text, text.size() / 2)} + std::string{kMark};
  *longest = shorter;
  return true;
}

Instant instant_of(std::int64_t milliseconds) { return Instant{std::chrono::milliseconds{milliseconds}}; }

StartMessage start_of(const json::object& object) {
  StartMessage start;
  start.version = small_integer(object, "version");
  start.run_id = integer(object, "run_id");
  start.job = text(object, "job");
  start.attempt = small_integer(object, "attempt");
  start.trigger = text(object, "trigger");
  if (const auto at = optional_integer(object, "scheduled_for_ms")) start.scheduled_for = instant_of(*at);
  start.deadline = instant_of(integer(object, "deadline_ms"));
  start.parameters = text_map(object, "parameters");
  start.last_entry = text(object, "last_entry");
  if (find_member(object, "command")) start.command = command_of(object_member(object, "command"));
  // A supervisor of the version before knows nothing of them.
  if (find_member(object, "limits")) start.limits = limits_of(object_member(object, "limits"));
  return start;
}

LogMessage log_of(const json::object& object) {
  const std::string word = text(object, "level", to_string(LogLevel::info));
  for (const auto& [level, name] : kLevelWords)
    if (name == word) return {level, text(object, "message")};
  wrong_kind("level", "debug, info, warning or error");
}

// What would keep every later run of the job from its start; empty if nothing.
std::string fault_of_last_entry(const json::string& entry) {
  if (entry.find('\0') != json::string::npos) return "member \"last_entry\" holds a zero byte";
  if (json::serialize(entry).size() > kMaximumLastEntryBytes)
    return "member \"last_entry\" is longer than 32 KiB";
  return {};
}

std::string last_entry_of(const json::object& result) {
  std::string entry = text(result, "last_entry", "");
  if (const std::string fault = fault_of_last_entry(json::string{entry}); !fault.empty())
    throw std::invalid_argument(fault);
  return entry;
}

ResultMessage result_of(const json::object& object) {
  const ResultMessage fallback;
  return {boolean(object, "success", fallback.success),
          text(object, "error_type", fallback.error_type),
          text(object, "error", fallback.error),
          integer(object, "lines_added", fallback.lines_added),
          integer(object, "lines_processed", fallback.lines_processed),
          last_entry_of(object),
          integer(object, "max_rss_kib", fallback.max_rss_kib)};
}

Message message_of(const json::object& object) {
  const std::string type = text(object, "type");
  if (type == "start") return start_of(object);
  if (type == "stop") return StopMessage{};
  if (type == "hello") return HelloMessage{small_integer(object, "version"), integer(object, "pid")};
  if (type == "progress")
    return ProgressMessage{integer(object, "done"), optional_integer(object, "total"),
                           text(object, "message", "")};
  if (type == "log") return log_of(object);
  if (type == "result") return result_of(object);
  throw std::invalid_argument("the type is none of start, stop, hello, progress, log and result");
}

}  // namespace

std::string_view to_string(LogLevel level) {
  for (const auto& [candidate, word] : kLevelWords)
    if (candidate == level) return word;
  return {};
}

std::optional<std::string> encode(const Message& message) {
  json::object object = std::visit([](const auto& kind) { return object_of(kind); }, message);
  if (std::holds_alternative<ResultMessage>(message) &&
      !fault_of_last_entry(object.at("last_entry").get_string()).empty())
    return std::nullopt;
  std::string line = json::serialize(object) + "\n";
  while (line.size() > kMaximumLineBytes) {
    if (!cut(object)) return std::nullopt;
    line = json::serialize(object) + "\n";
  }
  return line;
}

std::variant<Message, ProtocolError> decode(std::string_view line) {
  if (line.size() >= kMaximumLineBytes) return ProtocolError{"a line is longer than 64 KiB"};
  json::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  const json::value value = json::parse(json::string_view{line.data(), line.size()}, error, {}, options);
  if (error) return ProtocolError{"a line is not JSON: " + error.message()};
  if (!value.is_object()) return ProtocolError{"a line is not a JSON object"};
  try {
    return message_of(value.get_object());
  } catch (const std::invalid_argument& fault) {
    return ProtocolError{fault.what()};
  }
}

}  // namespace rota
