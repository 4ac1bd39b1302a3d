// Who is at the other end of a connection. It asks the kernel and the databases of users
// and groups, which may take as long as those do.
#pragma once

#include <sys/types.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <optional>
#include <string>

#include "supervisor/http/message.h"

namespace rota {

// The number of a group; nullopt if there is none of that name, or `name` is empty.
std::optional<gid_t> find_group(const std::string& name);

// The user at the other end of a connected Unix socket, as it was when it connected
// (SO_PEERCRED, unix(7)). Root, this process's own user and the members of `group` may
// control the supervisor. A member is whoever has the group as its effective one, or whom the
// databases name as one now, so that a user who has been taken out is out at once.
LocalUser local_user_of(int socket, const std::string& group);

// The address of the other end of a TCP connection; empty if it is gone.
std::string address_of(const boost::asio::generic::stream_protocol::socket& socket);

}  // namespace rota
