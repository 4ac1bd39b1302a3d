#include "supervisor/store/store_writer.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <utility>

#include "supervisor/store/patience.h"

namespace rota {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatienceAtEnd{5000};

// When the write-ahead log is copied back, and what SQLite takes by default.
constexpr int kLogPages = 1000;
constexpr std::uintmax_t kLogBytes = std::uintmax_t{kLogPages} * 4096;
// As many times must be free on a disk that is asked for such a log before there is a need.
constexpr std::uintmax_t kPlenty = 16;

// Makes the write-ahead log as long as it will become, by a transaction that does not fit into memory and is
// undone. A log that does not grow is on disk sooner: nothing but its bytes has to be written, while a file's
// length is among what the file system keeps of all files. What cannot be done is left: then the log
// grows as it is needed.
void lengthen_log(Connection& connection, const std::filesystem::path& file) {
  std::error_code unknown;
  const auto space = std::filesystem::space(file, unknown);
  if (unknown || space.available < kPlenty * kLogBytes) return;
  connection.execute("PRAGMA cache_size = 16");
  try {
    connection.execute("BEGIN IMMEDIATE; CREATE TABLE filling (bytes)");
    connection.execute(("INSERT INTO filling VALUES (zeroblob(" + std::to_string(kLogBytes) + "))").c_str());
  } catch (const SqliteError&) {
    // Whatever it is, the first write that is needed meets it too, and tells.
  }
  try {
    connection.execute("ROLLBACK");
  } catch (const SqliteError&) {
    // It has been rolled back with what failed.
  }
  connection.execute("PRAGMA cache_size = -2000");
}

}  // namespace

SqliteRunStore::Writer::Writer(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : file_{file},
      connection_{file, Connection::Access::read_write},
      statements_{(connection_.execute("PRAGMA synchronous = FULL"), connection_)},
      files_{file},
      post_{std::move(post)},
      thread_{[this](std::vector<Request> group) { work(std::move(group)); }} {
  connection_.checkpoint_by_hand();
  lengthen_log(connection_, file_);
}

SqliteRunStore::Writer::~Writer() {
  hand_over();
  thread_.end();
}

void SqliteRunStore::Writer::add(Request request) {
  gathered_->push_back(std::move(request));
  if (gathered_->size() > 1) return;
  post_([this, alive = std::weak_ptr{gathered_}] {
    if (!alive.expired()) hand_over();
  });
}

void SqliteRunStore::Writer::hand_over() { thread_.add(std::exchange(*gathered_, {})); }

std::string SqliteRunStore::Writer::trouble() const {
  {
    const std::lock_guard lock{mutex_};
    if (!trouble_.empty()) return trouble_;
  }
  return files_.what_is_amiss();
}

void SqliteRunStore::Writer::set_trouble(std::string trouble) {
  const std::lock_guard lock{mutex_};
  if (trouble_.empty() != trouble.empty()) {
    if (trouble.empty())
      spdlog::info("database {}: can be written again", file_.string());
    else
      spdlog::error("{}; writes wait and are tried again", trouble);
  }
  trouble_ = std::move(trouble);
}

void SqliteRunStore::Writer::work(std::vector<Request> group) {
  std::shared_ptr<Committed> committed;
  thread_.until_there_is_memory([&] { committed = std::make_shared<Committed>(); });
  committed->group = std::move(group);
  Patience patience;
  milliseconds waited_at_end{0};
  for (;;) {
    bool on_disk = false;
    try {
      committed->callbacks = write(committed->group);
      on_disk = true;
    } catch (const SqliteError& error) {
      set_trouble("database " + file_.string() + ": cannot be written: " + error.what() + "; " +
                  error.advice());
    } catch (const StoreError& error) {
      set_trouble(error.what());
    } catch (const std::exception& error) {
      set_trouble("database " + file_.string() + ": cannot be written: " + error.what());
    }
    // Outside of what is tried again: the group is committed.
    if (on_disk) {
      set_trouble({});
      thread_.until_there_is_memory([&] { post(committed); });
      return shorten_log();
    }
    statements_.roll_back();
    const milliseconds wait = patience.next_wait();
    if (thread_.wait_for_end(wait)) {
      if (waited_at_end >= kPatienceAtEnd) {
        spdlog::critical("{}; {} writes are given up at the end", trouble(), committed->group.size());
        return;
      }
      std::this_thread::sleep_for(wait);
      waited_at_end += wait;
    }
  }
}

// Once those who wait have been answered, for it waits for the disk too.
void SqliteRunStore::Writer::shorten_log() {
  if (connection_.log_pages() < kLogPages) return;
  try {
    connection_.checkpoint();
  } catch (const SqliteError&) {
    // All is in the log, and the next commit tries again; if that cannot be written either, it tells.
  }
}

// As one function: what the loop writes in answer to a group is one group again, however soon the loop wakes
// up. What the loop has allocated it also frees, at less cost than another thread.
void SqliteRunStore::Writer::post(const std::shared_ptr<Committed>& committed) {
  post_([committed] {
    for (const auto& callback : committed->callbacks) callback();
    *committed = {};
  });
}

void SqliteRunStore::Writer::post_written(Callbacks callbacks) {
  if (callbacks.empty()) return;
  post_([callbacks = std::move(callbacks)] {
    for (const auto& callback : callbacks) callback();
  });
}

// A savepoint for each write would copy every page that the write touches, so that there is none before one
// is needed: a write that can never succeed must neither spoil its group nor be tried for ever.
SqliteRunStore::Writer::Callbacks SqliteRunStore::Writer::write(const std::vector<Request>& group) {
  try {
    return write_each(group, &Writer::apply);
  } catch (const SqliteError& error) {
    if (!error.is_of_the_values()) throw;
  }
  statements_.roll_back();
  return write_each(group, &Writer::apply_or_refuse);
}

SqliteRunStore::Writer::Callbacks SqliteRunStore::Writer::write_each(
    const std::vector<Request>& group, Answer (Writer::*apply_one)(const Request&)) {
  Callbacks committed;
  Callbacks written;
  committed.reserve(group.size());
  statements_.begin();
  for (const Request& request : group) {
    Answer answer = (this->*apply_one)(request);
    committed.push_back(std::move(answer.committed));
    if (answer.written) written.push_back(std::move(answer.written));
  }
  post_written(std::move(written));
  // As late as can be: what is committed to a file that has gone is gone with it.
  if (const std::string amiss = files_.what_is_amiss(); !amiss.empty()) throw StoreError{amiss};
  statements_.commit();
  return committed;
}

SqliteRunStore::Writer::Answer SqliteRunStore::Writer::apply(const Request& request) {
  return request.apply(statements_);
}

SqliteRunStore::Writer::Answer SqliteRunStore::Writer::apply_or_refuse(const Request& request) {
  statements_.open_savepoint();
  try {
    Answer answer = request.apply(statements_);
    statements_.release_savepoint();
    return answer;
  } catch (const SqliteError& error) {
    if (!error.is_of_the_values()) throw;
    spdlog::critical("database {}: refused a write for good: {}", file_.string(), error.what());
    statements_.roll_back_to_savepoint();
    return request.refused;
  }
}

}  // namespace rota
