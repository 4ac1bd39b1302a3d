#include "supervisor/http/peer.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <vector>

namespace rota {
namespace {

constexpr std::size_t kFirstBuffer = 4096;
constexpr std::size_t kLargestBuffer = std::size_t{1} << 20;  // of a group with very many members

struct Account {
  std::string name;
  gid_t group = 0;
};

// Calls a function such as getpwuid_r(3) with more and more room for what its entry points to.
template <typename Entry, typename Look>
bool look_up(Entry& entry, std::vector<char>& room, Look look) {
  for (room.resize(kFirstBuffer); room.size() <= kLargestBuffer; room.resize(2 * room.size())) {
    Entry* found = nullptr;
    const int error = look(&entry, room.data(), room.size(), &found);
    if (error == 0) return found != nullptr;
    if (error != ERANGE && error != EINTR) return false;
  }
  return false;
}

std::optional<Account> account_of(uid_t user) {
  passwd entry{};
  std::vector<char> room;
  const bool found =
      look_up(entry, room, [user](passwd* into, char* buffer, std::size_t size, passwd** result) {
        return getpwuid_r(user, into, buffer, size, result);
      });
  if (!found) return std::nullopt;
  return Account{entry.pw_name, entry.pw_gid};
}

bool is_member(const Account& account, gid_t group) {
  int count = 64;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  // It sets the count to what it needs where there is not enough room.
  while (getgrouplist(account.name.c_str(), account.group, groups.data(), &count) < 0) {
    if (static_cast<std::size_t>(count) <= groups.size()) return false;
    groups.resize(static_cast<std::size_t>(count));
  }
  groups.resize(static_cast<std::size_t>(count));
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

std::optional<gid_t> find_group(const std::string& name) {
  if (name.empty()) return std::nullopt;
  group entry{};
  std::vector<char> room;
  const bool found =
      look_up(entry, room, [&name](group* into, char* buffer, std::size_t size, group** result) {
        return getgrnam_r(name.c_str(), into, buffer, size, result);
      });
  if (!found) return std::nullopt;
  return entry.gr_gid;
}

LocalUser local_user_of(int socket, const std::string& group) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return {"unknown", false};
  const auto account = account_of(peer.uid);
  LocalUser user{account ? account->name : std::to_string(peer.uid), false};
  if (peer.uid == 0 || peer.uid == geteuid()) {
    user.may_control = true;
  } else if (const auto members = find_group(group)) {
    user.may_control = peer.gid == *members || (account && is_member(*account, *members));
  }
  return user;
}

std::string address_of(const boost::asio::generic::stream_protocol::socket& socket) {
  boost::system::error_code error;
  const auto any = socket.remote_endpoint(error);
  boost::asio::ip::tcp::endpoint endpoint;
  if (error || any.size() > endpoint.capacity()) return {};
  std::memcpy(endpoint.data(), any.data(), any.size());
  endpoint.resize(any.size());
  return endpoint.address().to_string();
}

}  // namespace rota
