// A crontab as values: its entries, its variables, and the lines that are neither.
// For `rota import crontab`. Pure. The form is that of crontab(5), of Debian's cron and of
// cronie; nothing here judges what the fields of a schedule say.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// A crontab of one user, or one such as /etc/crontab, which names a user in each entry.
enum class CrontabForm { user, system };

// One of the fields of a schedule, and the column of its line where it begins, from 1.
struct CrontabField {
  std::string text;
  int column = 1;
};

struct CrontabVariable {
  std::string name;
  std::string value;
  int line = 0;
};

struct CrontabEntry {
  int line = 0;
  std::string text;                       // the whole line
  std::vector<std::string> comment = {};  // the comment lines directly above, without their #
  std::vector<CrontabField> fields = {};  // five, or one that begins with @
  bool unlogged = false;                  // a - stands before the schedule
  std::string user = {};                  // empty in the user form
  std::string command = {};               // what the shell is given, \% already read as %
  std::string standard_input = {};        // what follows the first bare %
  std::map<std::string, std::string, std::less<>> variables = {};  // as set by the lines above
};

// An entry that cannot be read. Columns count bytes, from 1.
struct CrontabProblem {
  int line = 0;
  int column = 1;
  std::string message;
};

struct Crontab {
  std::vector<CrontabEntry> entries;
  std::vector<CrontabVariable> variables;
  std::vector<CrontabProblem> problems;
};

// Reads the text of a whole file. Never fails: what is no entry and no variable is a problem.
Crontab read_crontab(std::string_view text, CrontabForm form);

// The fields with one space between.
std::string schedule_text(const CrontabEntry& entry);

}  // namespace rota
