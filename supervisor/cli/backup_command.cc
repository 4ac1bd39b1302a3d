#include "supervisor/cli/backup_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <memory>
#include <system_error>

#include "common/file/descriptor.h"
#include "supervisor/cli/client_command.h"
#include "supervisor/client/client_error.h"

namespace rota {
namespace {

struct BackupOptions {
  ClientOptions client;
  std::string file;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

void sync_directory(const std::filesystem::path& file) {
  const std::filesystem::path directory = file.has_parent_path() ? file.parent_path() : ".";
  const Descriptor descriptor{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (descriptor.is_open()) fsync(descriptor.get());
}

// The unfinished copy; it goes unless it was taken.
class PartFile {
 public:
  explicit PartFile(const std::string& file) : path_{file + ".part"} {
    descriptor_ = Descriptor{open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!descriptor_.is_open() && errno == EEXIST)
      throw std::runtime_error{path_ +
                               ": is there already, of a backup that goes on or was broken off; "
                               "remove it in the latter case"};
    if (!descriptor_.is_open()) fail(path_);
  }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }

  int descriptor() const { return descriptor_.get(); }

  // Gives it its name once it is on disk; a file that has come into being meanwhile is not replaced.
  void become(const std::string& file) {
    if (fsync(descriptor_.get()) != 0) fail(path_);
    if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) != 0) fail(file);
    path_.clear();
    sync_directory(file);
  }

 private:
  std::string path_;
  Descriptor descriptor_;
};

int back_up(const BackupOptions& options) {
  if (std::filesystem::symlink_status(options.file).type() != std::filesystem::file_type::not_found)
    throw std::runtime_error{options.file + ": is there already; name a file that is not"};
  Client client{choose_endpoint(options.client.endpoint)};
  PartFile part{options.file};
  client.download("/scheduler/backup", part.descriptor());
  const auto bytes = lseek(part.descriptor(), 0, SEEK_END);
  part.become(options.file);
  if (options.client.json)
    std::cout << boost::json::serialize(boost::json::object{{"file", options.file}, {"bytes", bytes}})
              << '\n';
  else
    std::cout << options.file << ": " << bytes << " bytes\n";
  return 0;
}

}  // namespace

void add_backup_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<BackupOptions>();
  const Subcommand command =
      add_client_command(app, "backup", "Copy the supervisor's database", options->client);
  command.option("file", options->file, "The copy; a file that does not exist yet").required().not_empty();
  set_body(command, exit_status, [options] { return back_up(*options); });
}

}  // namespace rota
