// The tables of the store and their versions.
#pragma once

#include "common/sqlite/sqlite.h"

namespace rota {

// Brings a database to the newest version; each step is one transaction. Throws
// SqliteError, and std::runtime_error for one that a newer Rota has written.
void migrate(Connection& connection);

}  // namespace rota
