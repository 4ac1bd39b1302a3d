// The tables of the store and their versions.
#pragma once

#include <stdexcept>

#include "common/sqlite/sqlite.h"

namespace rota {

class NewerSchema : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Brings a database to the newest version; each step is one transaction. Throws
// SqliteError, and NewerSchema for one that a newer Rota has written.
void migrate(Connection& connection);

}  // namespace rota
