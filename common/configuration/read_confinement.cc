#include "common/configuration/read_confinement.h"

#include <algorithm>
#include <string>

namespace rota {

Confinement read_confinement(TableReader& reader) {
  Confinement confinement;
  confinement.no_new_privileges = reader.boolean("no_new_privileges").value_or(false);
  confinement.private_network = reader.boolean("private_network").value_or(false);
  if (auto paths = reader.texts("read_only_paths", Least::nothing))
    confinement.read_only_paths = *std::move(paths);
  const auto is_good = [](const std::string& path) {
    return path.starts_with('/') && path.find('\0') == std::string::npos;
  };
  if (!std::all_of(confinement.read_only_paths.begin(), confinement.read_only_paths.end(), is_good))
    reader.fault("read_only_paths", "expected absolute paths, such as [\"/etc\", \"/srv/data\"]");
  return confinement;
}

}  // namespace rota
