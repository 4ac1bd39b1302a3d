// What a command is kept from, beside what its user may not. Values only; worker/confine carries
// them out.
#pragma once

#include <string>
#include <vector>

namespace rota {

struct Confinement {
  bool no_new_privileges = false;            // PR_SET_NO_NEW_PRIVS: no set-user-ID program gives any
  bool private_network = false;              // a network namespace with a loopback interface and no other
  std::vector<std::string> read_only_paths;  // absolute; with all that is mounted below them
  bool operator==(const Confinement&) const = default;
};

}  // namespace rota
