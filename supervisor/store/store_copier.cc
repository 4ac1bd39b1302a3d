#include "supervisor/store/store_copier.h"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

#include "common/sqlite/sqlite.h"

namespace rota {
namespace {

[[noreturn]] void fail_with_errno() { throw std::system_error{errno, std::generic_category()}; }

// With its mode from the start, and never through a link: the file holds parameters and mails.
void create_file(const std::filesystem::path& file) {
  const int descriptor = open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) fail_with_errno();
  close(descriptor);
}

void synchronize(const std::filesystem::path& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail_with_errno();
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  if (result != 0) throw std::system_error{error, std::generic_category()};
}

// VACUUM INTO reads one snapshot while others write, fills an empty file, and leaves out what was
// deleted: https://www.sqlite.org/lang_vacuum.html#vacuuminto
void copy(const std::filesystem::path& database, const std::filesystem::path& file,
          const std::atomic<bool>& ending) {
  {
    Connection connection{database, Connection::Access::read_only};
    connection.stop_when(ending);
    Statement{connection, "VACUUM INTO ?1"}.with(file.string()).run();
  }
  synchronize(file);
  synchronize(file.has_parent_path() ? file.parent_path() : ".");
}

// Answers an empty text, or what went wrong.
std::string try_copy(const std::filesystem::path& database, const std::filesystem::path& file,
                     const std::atomic<bool>& ending) {
  const std::string what = "backup to " + file.string() + ": ";
  try {
    create_file(file);
  } catch (const std::system_error& error) {
    return what + "cannot create the file: " + error.code().message() +
           (error.code() == std::errc::file_exists ? "; name one that does not exist yet" : "");
  }
  try {
    copy(database, file, ending);
    return {};
  } catch (const std::exception& error) {
    std::error_code ignored;
    std::filesystem::remove(file, ignored);
    return what + error.what() + "; nothing was kept";
  }
}

}  // namespace

SqliteRunStore::Copier::Copier(std::filesystem::path database,
                               std::function<void(std::function<void()>)> post)
    : database_{std::move(database)},
      post_{std::move(post)},
      thread_{[this](const std::vector<Request>& group) { work(group); }} {
  thread_.start();
}

SqliteRunStore::Copier::~Copier() {
  ending_ = true;
  thread_.end();
}

void SqliteRunStore::Copier::add(std::filesystem::path file, std::function<void(std::string)> done) {
  thread_.add({std::move(file), std::move(done)});
}

void SqliteRunStore::Copier::work(const std::vector<Request>& group) {
  for (const Request& request : group)
    post_([done = request.done, answer = try_copy(database_, request.file, ending_)] { done(answer); });
}

}  // namespace rota
