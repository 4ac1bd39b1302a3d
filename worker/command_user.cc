#include "worker/command_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <limits>
#include <optional>

#include "worker/start_error.h"

namespace rota {
namespace {

// -1 means "leave as it is" to setresuid(2), so it is nobody's number.
std::optional<id_t> number(const std::string& text) {
  id_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end || id == std::numeric_limits<id_t>::max()) return std::nullopt;
  return id;
}

void take(const passwd& entry, CommandUser& user) {
  user.uid = entry.pw_uid;
  user.gid = entry.pw_gid;
  user.name = entry.pw_name;
  user.home = entry.pw_dir;
  user.shell = entry.pw_shell;
  if (user.home.empty()) user.home = "/";
  if (user.shell.empty()) user.shell = "/bin/sh";  // passwd(5)
}

// True if the databases have an entry. The names are sought before the numbers, as chown(1) does.
bool look_up(const std::string& text, CommandUser& user) {
  // NOLINTBEGIN(concurrency-mt-unsafe): the process has one thread
  errno = 0;
  const passwd* entry = getpwnam(text.c_str());
  const auto uid = number(text);
  if (!entry && uid) entry = getpwuid(*uid);
  // NOLINTEND(concurrency-mt-unsafe)
  if (entry) {
    take(*entry, user);
    return true;
  }
  if (!uid)
    throw StartError{"there is no user \"" + text + "\"; expected a name of the user database or a number"};
  user.uid = *uid;
  user.name = text;
  return false;
}

gid_t find_group(const std::string& text) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the process has one thread
  if (const group* entry = getgrnam(text.c_str())) return entry->gr_gid;
  if (const auto gid = number(text)) return *gid;
  throw StartError{"there is no group \"" + text + "\"; expected a name of the group database or a number"};
}

std::vector<gid_t> groups_of(const CommandUser& user) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  while (getgrouplist(user.name.c_str(), user.gid, groups.data(), &count) < 0)
    groups.resize(static_cast<std::size_t>(count));
  groups.resize(static_cast<std::size_t>(count));
  return groups;
}

}  // namespace

CommandUser find_command_user(const std::string& user, const std::string& group) {
  CommandUser found;
  const bool known = look_up(user.empty() ? std::to_string(geteuid()) : user, found);
  if (user.empty()) found.gid = getegid();
  if (!group.empty()) {
    found.gid = find_group(group);
    found.groups = {found.gid};
  } else if (!user.empty()) {
    if (!known)
      throw StartError{
          "the user " + user +
          " has no entry in the user database, so its group is not known; name one in user_group"};
    found.groups = groups_of(found);
  }
  const bool is_root = geteuid() == 0;
  const bool is_it_already = found.uid == geteuid() && found.gid == getegid() && group.empty();
  found.changes = is_root ? !(user.empty() && group.empty()) : !is_it_already;
  return found;
}

void become(const CommandUser& user) {
  if (!user.changes) return;
  const auto check = [&](int result) {
    if (result == 0) return;
    const int error = errno;
    throw system_refused("cannot become user " + user.name + " with group " + std::to_string(user.gid) +
                             (error == EPERM ? " (the supervisor must be root for that)" : ""),
                         error);
  };
  check(setgroups(user.groups.size(), user.groups.data()));
  // The user last: with it goes the right to change the groups.
  check(setresgid(user.gid, user.gid, user.gid));
  check(setresuid(user.uid, user.uid, user.uid));
}

}  // namespace rota
