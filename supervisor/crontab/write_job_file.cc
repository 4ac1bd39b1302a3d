#include "supervisor/crontab/write_job_file.h"

#include <cstdio>

#include "common/protocol/utf8.h"
#include "common/text/control_character.h"

namespace rota {
namespace {

std::string escape_of(char letter) {
  switch (letter) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\t':
      return "\\t";
    default:
      break;
  }
  if (!is_control(letter)) return {letter};
  char code[8];
  std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(letter)));
  return code;
}

// TOML allows no control characters in a comment.
std::string comment_line(const std::string& text) {
  std::string line = to_valid_utf8(text);
  for (char& letter : line)
    if (is_control(letter)) letter = ' ';
  while (line.ends_with(' ')) line.pop_back();
  return line.empty() ? "#\n" : "# " + line + "\n";
}

bool is_bare_key(std::string_view key) {
  return !key.empty() &&
         key.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

std::string array_text(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ", ") + toml_string(value);
  return "[" + text + "]";
}

std::string environment_text(const std::map<std::string, std::string, std::less<>>& environment) {
  std::string text;
  for (const auto& [name, value] : environment)
    text += (text.empty() ? "" : ", ") + (is_bare_key(name) ? name : toml_string(name)) + " = " +
            toml_string(value);
  return "{ " + text + " }";
}

std::string job_text(const ImportedJob& job, const std::string& source) {
  std::string text;
  for (const std::string& line : job.entry.comment) text += comment_line(line);
  text += comment_line("from " + source + ", line " + std::to_string(job.entry.line) + ": " + job.entry.text);
  text += "[jobs." + job.name + "]\n";
  const auto key = [&text](std::string_view name, const std::string& value) {
    text.append(name).append(" = ").append(value).append("\n");
  };
  const Command& command = job.command;
  key("schedule", toml_string(job.schedule));
  if (job.shell.empty())
    key("command", array_text(command.arguments));
  else
    key("shell", toml_string(job.shell));
  if (!command.standard_input.empty()) key("standard_input", toml_string(command.standard_input));
  if (!command.user.empty()) key("user", toml_string(command.user));
  if (command.directory != "/") key("directory", toml_string(command.directory));
  if (!command.environment.empty()) key("environment", environment_text(command.environment));
  if (job.spread) key("spread", toml_string(std::to_string(job.spread->count()) + " minutes"));
  key("timeout", toml_string("24h"));
  key("catch_up", toml_string("skip"));
  return text;
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char letter : text) quoted += escape_of(letter);
  return quoted + "\"";
}

std::string write_job_file(const std::vector<ImportedJob>& jobs, const std::string& source) {
  std::string text = comment_line("Made from " + source + " by rota import crontab.");
  for (const ImportedJob& job : jobs) text += "\n" + job_text(job, source);
  return text;
}

}  // namespace rota
