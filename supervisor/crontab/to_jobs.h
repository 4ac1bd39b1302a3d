// The jobs of Rota that do what a crontab's entries do, and what of the crontab has no
// counterpart. Pure: what has to be asked of the system is given.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/command/command.h"
#include "supervisor/crontab/read_crontab.h"

namespace rota {

struct ImportOptions {
  std::string user = {};    // of entries that name none; empty: not known, and not written
  std::string prefix = {};  // of every job's name
  // The home directory of each user that has one.
  std::map<std::string, std::string, std::less<>> homes = {};
};

struct ImportedJob {
  std::string name;
  std::string schedule;  // in Rota's language
  std::string shell;     // for /bin/sh; empty: `command` has the arguments of another shell
  // Its arguments, directory, environment, user and standard input.
  Command command;
  std::optional<std::chrono::minutes> spread;
  CrontabEntry entry;  // from which it was made
};

// What the person who imports has to know.
struct ImportNote {
  enum class Kind {
    lost,     // not carried over
    changed,  // carried over in another form
    differs,  // of every job: what Rota does otherwise than cron
  };
  Kind kind = Kind::lost;
  int line = 0;    // of the crontab; 0: all of it
  int column = 0;  // 0: the whole line
  std::string text;
};

struct Import {
  std::vector<ImportedJob> jobs;
  std::vector<ImportNote> notes;  // by line
  int entries = 0;                // of the crontab, those that cannot be read among them

  // Whether something was not carried over.
  bool is_complete() const;
};

Import to_jobs(const Crontab& crontab, const ImportOptions& options);

}  // namespace rota
