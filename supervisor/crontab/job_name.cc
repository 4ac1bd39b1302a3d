#include "supervisor/crontab/job_name.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace rota {
namespace {

using Words = std::vector<std::string>;

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The simple commands of a text, each as its words without quotes. Knows of the shell's grammar
// what is needed to find the programs in it.
std::vector<Words> simple_commands(std::string_view text) {
  std::vector<Words> commands(1);
  std::string word;
  bool in_word = false;
  char quote = 0;
  const auto end_word = [&] {
    if (in_word) commands.back().push_back(word);
    word.clear();
    in_word = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (letter == '\\' && quote != '\'' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (quote != 0) {
      if (letter == quote)
        quote = 0;
      else
        word += letter;
    } else if (letter == '"' || letter == '\'') {
      quote = letter;
      in_word = true;
    } else if (letter == ' ' || letter == '\t' || letter == '\n') {
      end_word();
    } else if (letter == ';' || letter == '|' || letter == '(' || letter == ')' ||
               (letter == '&' && (i == 0 || text[i - 1] != '>'))) {
      end_word();
      if (!commands.back().empty()) commands.emplace_back();
    } else if (letter == '<' || letter == '>') {
      end_word();
      // A redirection of whatever kind is the word > and its target.
      if (commands.back().empty() || commands.back().back() != ">") commands.back().emplace_back(">");
    } else {
      word += letter;
      in_word = true;
    }
  }
  end_word();
  return commands;
}

// A program that runs the program named in its arguments.
struct Wrapper {
  std::string_view name;
  std::string_view options_with_value;  // letters
  int operands;                         // that stand before the program
};

constexpr std::array<Wrapper, 17> kWrappers{{{"sudo", "ughpCDRTr", 0},
                                             {"doas", "uC", 0},
                                             {"nice", "n", 0},
                                             {"ionice", "cnp", 0},
                                             {"timeout", "ks", 1},
                                             {"flock", "wE", 1},
                                             {"env", "uCS", 0},
                                             {"chrt", "TPD", 1},
                                             {"taskset", "", 1},
                                             {"setsid", "", 0},
                                             {"nohup", "", 0},
                                             {"time", "fo", 0},
                                             {"exec", "a", 0},
                                             {"command", "", 0},
                                             {"chronic", "", 0},
                                             {"cronic", "", 0},
                                             {"systemd-cat", "tp", 0}}};

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  const std::string_view name = word.substr(0, equals);
  return std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_';
  });
}

std::string_view base_name(std::string_view path) {
  while (path.size() > 1 && path.back() == '/') path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

// Past the options at `at`, and past the value of those that have one.
std::size_t past_options(const Words& words, std::size_t at, std::string_view with_value) {
  while (at < words.size() && words[at].size() > 1 && words[at].front() == '-') {
    const std::string& word = words[at++];
    if (word == "--") return at;
    if (word.size() == 2 && with_value.find(word[1]) != std::string_view::npos) ++at;
  }
  return at;
}

bool starts_with_interpreter(std::string_view name) {
  for (const std::string_view interpreter : {"python", "perl", "ruby", "php", "node"})
    if (name.starts_with(interpreter) &&
        name.find_first_not_of("0123456789.", interpreter.size()) == std::string_view::npos)
      return true;
  return is_one_of(name, {"sh", "bash", "dash", "ksh", "zsh", "run-parts", "Rscript", "java"});
}

// The script that an interpreter at `at` is given; its own place if it is given none.
std::size_t script_of(const Words& words, std::size_t at) {
  for (std::size_t i = at + 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (is_one_of(word, {"-c", "-e", "-r", "-lc", "-ec"})) return at;
    if (is_one_of(word, {"-m", "-jar", "-f"})) return i + 1 < words.size() ? i + 1 : at;
    if (word == ">") return at;
    if (!word.starts_with('-')) return i;
  }
  return at;
}

// The program that a simple command is about; nullopt if it only prepares the next one.
std::optional<std::string> program_of(const Words& words) {
  std::size_t at = 0;
  while (at < words.size()) {
    const std::string_view word = words[at];
    if (word.empty() || is_assignment(word) ||
        is_one_of(word, {"{", "}", "!", "if", "then", "else", "do", "while", "until"})) {
      ++at;
      continue;
    }
    if (word == ">") {
      at += 2;
      continue;
    }
    const std::string_view name = base_name(word);
    const auto* wrapper = std::find_if(kWrappers.begin(), kWrappers.end(),
                                       [name](const Wrapper& known) { return known.name == name; });
    if (wrapper == kWrappers.end()) break;
    at = past_options(words, at + 1, wrapper->options_with_value);
    at += static_cast<std::size_t>(wrapper->operands);
    // flock FILE -c 'a whole command'
    if (name == "flock" && at + 1 < words.size() && words[at] == "-c") return program_name(words[at + 1]);
  }
  if (at >= words.size()) return std::nullopt;
  const std::string_view name = base_name(words[at]);
  if (is_one_of(name, {"cd", "test", "[", "[[", ".", "source", "sleep", "umask", "export", "set", "ulimit",
                       ":", "true", "false", "fi", "done", "for", "mkdir", "pushd"}))
    return std::nullopt;
  if (starts_with_interpreter(name)) at = script_of(words, at);
  return std::string{base_name(words[at])};
}

std::string without_script_suffix(std::string name) {
  for (const std::string_view suffix : {".sh", ".bash", ".py", ".pl", ".php", ".rb", ".js", ".jar", ".R"})
    if (name.size() > suffix.size() && name.ends_with(suffix))
      return name.substr(0, name.size() - suffix.size());
  return name;
}

// Everything but letters and digits becomes one underscore, none at either end.
std::string as_job_name(std::string_view text) {
  std::string name;
  for (const char letter : text) {
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'))
      name += letter;
    else if (letter >= 'A' && letter <= 'Z')
      name += static_cast<char>(letter - 'A' + 'a');
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  while (!name.empty() && name.back() == '_') name.pop_back();
  return name;
}

}  // namespace

std::string program_name(std::string_view command) {
  for (const Words& words : simple_commands(command)) {
    const auto program = program_of(words);
    if (!program) continue;
    if (std::string name = as_job_name(without_script_suffix(*program)); !name.empty()) return name;
  }
  return "job";
}

std::string unique_name(const std::string& prefix, const std::string& name,
                        std::set<std::string, std::less<>>& taken) {
  std::string candidate = (prefix + name).substr(0, kLongestJobName);
  for (int count = 2; !taken.insert(candidate).second; ++count) {
    const std::string suffix = "_" + std::to_string(count);
    candidate = (prefix + name).substr(0, kLongestJobName - suffix.size());
    candidate += suffix;
  }
  return candidate;
}

}  // namespace rota
