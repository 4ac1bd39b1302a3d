#include "common/configuration/secret_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "common/file/secrecy.h"

namespace rota {

std::optional<std::filesystem::path> read_key_path(TableReader& reader, std::string_view key,
                                                   const Environment& environment) {
  auto beside = reader.path(key);
  const auto credentials = environment.find("CREDENTIALS_DIRECTORY");
  if (!beside || credentials == environment.end() || credentials->second.empty()) return beside;
  const std::filesystem::path written{reader.get()->get(key)->value_or(std::string{})};
  if (written.is_absolute()) return beside;
  const auto credential = std::filesystem::path{credentials->second} / written;
  return access(credential.c_str(), F_OK) == 0 ? credential : beside;
}

void check_secret(TableReader& reader, std::string_view key, const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0)
    reader.fault(key, "expected a file that exists: there is no " + file.string());
  else if (const std::string fault = secrecy_fault(status, file); !fault.empty())
    reader.fault(key, fault);
}

}  // namespace rota
