// The user and the groups that a command runs as.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace rota {

struct CommandUser {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // supplementary
  bool changes = false;       // false: the process is that user already, with its groups
  std::string name;           // its number where the user database has no entry for it
  std::string home = "/";
  std::string shell = "/bin/sh";
};

// Looks the names up: names or numbers, both empty for what the process is. A group that is
// named is the only one; without it the user has the groups of the databases, initgroups(3).
// Throws StartError.
CommandUser find_command_user(const std::string& user, const std::string& group);

// Becomes that user for good: real, effective and saved ids. Allocates nothing, so that it
// may stand behind a limit of memory. Throws StartError where the process may not, that
// is, is not root.
void become(const CommandUser& user);

}  // namespace rota
