#include "supervisor/store/store_writer.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

#include "supervisor/store/patience.h"

namespace rota {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPatienceAtEnd{5000};

}  // namespace

SqliteRunStore::Writer::Writer(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : file_{file},
      connection_{file, Connection::Access::read_write},
      statements_{(connection_.execute("PRAGMA synchronous = FULL"), connection_)},
      files_{file},
      post_{std::move(post)},
      thread_{[this](const std::vector<Request>& group) { work(group); }} {}

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

void SqliteRunStore::Writer::work(const std::vector<Request>& group) {
  Patience patience;
  milliseconds waited_at_end{0};
  for (;;) {
    std::optional<Callbacks> callbacks;
    try {
      callbacks = write(group);
    } catch (const SqliteError& error) {
      set_trouble("database " + file_.string() + ": cannot be written: " + error.what() + "; " +
                  error.advice());
    } catch (const StoreError& error) {
      set_trouble(error.what());
    } catch (const std::exception& error) {
      set_trouble("database " + file_.string() + ": cannot be written: " + error.what());
    }
    // Outside of what is tried again: the group is committed.
    if (callbacks) {
      set_trouble({});
      return thread_.until_there_is_memory([&] { post(*callbacks); });
    }
    statements_.roll_back();
    const milliseconds wait = patience.next_wait();
    if (thread_.wait_for_end(wait)) {
      if (waited_at_end >= kPatienceAtEnd) {
        spdlog::critical("{}; {} writes are given up at the end", trouble(), group.size());
        return;
      }
      std::this_thread::sleep_for(wait);
      waited_at_end += wait;
    }
  }
}

// As one function: what the loop writes in answer to a group is one group again, however soon the loop wakes
// up.
void SqliteRunStore::Writer::post(Callbacks callbacks) {
  if (callbacks.empty()) return;
  post_([callbacks = std::move(callbacks)] {
    for (const auto& callback : callbacks) callback();
  });
}

SqliteRunStore::Writer::Callbacks SqliteRunStore::Writer::write(const std::vector<Request>& group) {
  Callbacks committed;
  Callbacks written;
  committed.reserve(group.size());
  statements_.begin();
  for (const Request& request : group) {
    Answer answer = write_one(request);
    committed.push_back(std::move(answer.committed));
    if (answer.written) written.push_back(std::move(answer.written));
  }
  post(std::move(written));
  // As late as can be: what is committed to a file that has gone is gone with it.
  if (const std::string amiss = files_.what_is_amiss(); !amiss.empty()) throw StoreError{amiss};
  statements_.commit();
  return committed;
}

// A write that can never succeed must neither spoil its group nor be tried for ever.
SqliteRunStore::Writer::Answer SqliteRunStore::Writer::write_one(const Request& request) {
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
