#include "supervisor/daemon/port_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

#include "common/file/descriptor.h"

namespace rota {

void write_port_file(const std::filesystem::path& file, std::uint16_t port) {
  if (file.empty()) return;
  auto temporary = file;
  temporary += ".new";
  unlink(temporary.c_str());
  // Its directory may be one in which others can plant links, such as /tmp.
  const Descriptor made{open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
  const std::string text = std::to_string(port) + "\n";
  if (!made.is_open() || write(made.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error{"http.port_file " + file.string() + ": cannot be written"};
  std::filesystem::rename(temporary, file);
}

}  // namespace rota
