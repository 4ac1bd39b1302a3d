// What keeps a command from more than its user is kept from.
#pragma once

#include "common/command/confinement.h"

namespace rota {

// Both throw StartError that names the setting and what the system said.

// Makes namespaces of the network and of the mounts, as far as they are asked for: unshare(2). Before
// the change of user, because it needs CAP_SYS_ADMIN, and CAP_NET_ADMIN for the loopback interface; and
// before the limits, because it opens a socket. A command that keeps CAP_SYS_ADMIN, such as one of
// root, can undo it.
void confine(const Confinement& confinement);

// prctl(2), PR_SET_NO_NEW_PRIVS. Last before the program is executed. Allocates nothing unless it fails.
void give_up_new_privileges(const Confinement& confinement);

}  // namespace rota
