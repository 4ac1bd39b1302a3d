// The listening sockets that a service manager has opened for this process, sd_listen_fds(3). They outlive
// the process: while it is restarted, connections wait in their queue.
#pragma once

#include "common/file/descriptor.h"

namespace rota {

// One that was not passed is no descriptor.
struct ListenSockets {
  Descriptor http;     // FileDescriptorName=http: TCP
  Descriptor control;  // FileDescriptorName=control: a Unix socket
};

// Takes them, once: no later call and no child finds them. To be called before there is a
// second thread, because it removes variables from the environment. Throws std::runtime_error that
// names the socket where one is of another name or kind, or a second of its name.
ListenSockets take_listen_sockets();

}  // namespace rota
