// meetings.db, the database that the example jobs share. One connection belongs to one
// run at a time.
#pragma once

#include <functional>
#include <string>

#include "common/sqlite/sqlite.h"

namespace rota::jobs {

// Opens the file and creates the tables that are missing. Throws SqliteError.
class MeetingsDatabase : public Connection {
 public:
  explicit MeetingsDatabase(const std::string& file);

  // Runs `work` in one transaction; an exception of it undoes all that it wrote.
  void transaction(const std::function<void()>& work);
};

}  // namespace rota::jobs
