#include "supervisor/crontab/read_crontab.h"

#include <algorithm>
#include <optional>

#include "common/protocol/utf8.h"

namespace rota {
namespace {

bool is_blank(char letter) { return letter == ' ' || letter == '\t'; }

std::string_view trimmed_at_end(std::string_view text) {
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// A place in one line.
class LineCursor {
 public:
  explicit LineCursor(std::string_view line) : line_{line} { skip_blanks(); }

  void skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
  }
  bool take_if(char letter) {
    if (at_ == line_.size() || line_[at_] != letter) return false;
    ++at_;
    return true;
  }
  std::string_view take_word() {
    const std::size_t begin = at_;
    while (at_ < line_.size() && !is_blank(line_[at_])) ++at_;
    const std::string_view word = line_.substr(begin, at_ - begin);
    skip_blanks();
    return word;
  }
  std::string_view rest() const { return line_.substr(at_); }
  bool at_end() const { return at_ == line_.size(); }
  int column() const { return static_cast<int>(at_) + 1; }

  // A name or value in quotes, if one stands here and is closed.
  std::optional<std::string_view> take_quoted() {
    if (at_end() || (line_[at_] != '"' && line_[at_] != '\'')) return std::nullopt;
    const std::size_t end = line_.find(line_[at_], at_ + 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = line_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return inside;
  }

  // A name up to an equals sign or a blank.
  std::string_view take_name() {
    const std::size_t end = std::min(line_.find_first_of("= \t", at_), line_.size());
    const std::string_view name = line_.substr(at_, end - at_);
    at_ = end;
    return name;
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
};

// Cron tries each line as a variable before it tries it as an entry, so that
// `@daily a=b` is an entry because no = follows its first word.
std::optional<CrontabVariable> read_variable(std::string_view line, int number) {
  LineCursor cursor{line};
  const auto quoted_name = cursor.take_quoted();
  const std::string_view name = quoted_name ? *quoted_name : cursor.take_name();
  cursor.skip_blanks();
  if (name.empty() || !cursor.take_if('=')) return std::nullopt;
  cursor.skip_blanks();
  const bool opens_quote =
      !cursor.at_end() && (cursor.rest().front() == '"' || cursor.rest().front() == '\'');
  if (!opens_quote)
    return CrontabVariable{std::string{name}, std::string{trimmed_at_end(cursor.rest())}, number};
  const auto value = cursor.take_quoted();
  if (!value || !trimmed_at_end(cursor.rest()).empty()) return std::nullopt;
  return CrontabVariable{std::string{name}, std::string{*value}, number};
}

// The first bare % ends the command. A backslash before % goes, any other stays.
std::size_t take_command(std::string_view text, std::string& command) {
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && !escaped) return i + 1;
    if (text[i] == '%') command.pop_back();
    command += text[i];
    escaped = text[i] == '\\' && !escaped;
  }
  return text.size();
}

// Further bare % are ends of lines, and the last line is ended too.
std::string input_of(std::string_view text) {
  std::string input;
  for (const char letter : text) {
    const bool escaped = !input.empty() && input.back() == '\\';
    if (letter == '%' && escaped)
      input.back() = '%';
    else
      input += letter == '%' ? '\n' : letter;
  }
  if (!input.empty() && input.back() != '\n') input += '\n';
  return input;
}

class Reader {
 public:
  explicit Reader(CrontabForm form) : form_{form} {}

  void read(std::string_view line) {
    ++number_;
    const LineCursor start{line};
    if (trimmed_at_end(start.rest()).empty()) {
      comment_.clear();
    } else if (start.rest().front() == '#') {
      std::string_view text = trimmed_at_end(start.rest().substr(1));
      if (!text.empty() && text.front() == ' ') text.remove_prefix(1);
      comment_.emplace_back(text);
    } else if (to_valid_utf8(line) != line || line.find('\0') != std::string_view::npos) {
      fail(1, "expected text in UTF-8, which a job file has to be; convert the crontab with iconv(1)");
      comment_.clear();
    } else if (auto variable = read_variable(line, number_)) {
      variables_[variable->name] = variable->value;
      crontab_.variables.push_back(*std::move(variable));
      comment_.clear();
    } else {
      read_entry(line);
      comment_.clear();
    }
  }

  Crontab take() { return std::move(crontab_); }

 private:
  void fail(int column, std::string message) {
    crontab_.problems.push_back({number_, column, std::move(message)});
  }

  void read_entry(std::string_view line) {
    CrontabEntry entry{
        .line = number_, .text = std::string{line}, .comment = comment_, .variables = variables_};
    LineCursor cursor{line};
    entry.unlogged = cursor.take_if('-');
    const std::size_t wanted = cursor.rest().starts_with('@') ? 1 : 5;
    while (entry.fields.size() < wanted && !cursor.at_end()) {
      const int column = cursor.column();
      entry.fields.push_back({std::string{cursor.take_word()}, column});
    }
    if (entry.fields.size() < wanted)
      return fail(cursor.column(), "expected NAME = value, or five fields or an @ name and a command");
    if (form_ == CrontabForm::system) {
      if (cursor.at_end()) return fail(cursor.column(), "expected a user, as this is a system crontab");
      const int column = cursor.column();
      entry.user = cursor.take_word();
      if (entry.user.find_first_of(":/") != std::string::npos)
        return fail(column, "expected the name of a user, found \"" + entry.user + "\"");
    }
    const std::size_t end = take_command(cursor.rest(), entry.command);
    entry.standard_input = input_of(cursor.rest().substr(end));
    if (trimmed_at_end(entry.command).empty()) return fail(cursor.column(), "expected a command");
    crontab_.entries.push_back(std::move(entry));
  }

  CrontabForm form_;
  int number_ = 0;
  std::vector<std::string> comment_;
  std::map<std::string, std::string, std::less<>> variables_;
  Crontab crontab_;
};

}  // namespace

Crontab read_crontab(std::string_view text, CrontabForm form) {
  Reader reader{form};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    reader.read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.take();
}

std::string schedule_text(const CrontabEntry& entry) {
  std::string text;
  for (const CrontabField& field : entry.fields) text += (text.empty() ? "" : " ") + field.text;
  return text;
}

}  // namespace rota
