#include "supervisor/store/sqlite_run_store.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <system_error>
#include <utility>

#include "supervisor/store/facts_statements.h"
#include "supervisor/store/outbox_statements.h"
#include "supervisor/store/schema.h"
#include "supervisor/store/store_copier.h"
#include "supervisor/store/store_reader.h"
#include "supervisor/store/store_writer.h"

namespace rota {
namespace {

// With its mode from the start: the file holds parameters and mails.
void create_file(const std::filesystem::path& file) {
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path());
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
  if (descriptor < 0) throw std::system_error{errno, std::generic_category()};
  close(descriptor);
}

void prepare(const std::filesystem::path& file) {
  create_file(file);
  Connection connection{file, Connection::Access::read_write};
  connection.execute("PRAGMA journal_mode = WAL");
  migrate(connection);
}

// Runs a start-up step with errors that name the file.
template <typename Step>
auto for_file(const std::filesystem::path& file, Step step) {
  try {
    return step();
  } catch (const SqliteError& error) {
    throw StoreError{"database " + file.string() + ": " + error.what() +
                     (error.is_not_a_database()
                          ? "; name another file in supervisor.database, or move this one away"
                          : "")};
  } catch (const std::exception& error) {
    throw StoreError{"database " + file.string() + ": " + error.what()};
  }
}

}  // namespace

SqliteRunStore::SqliteRunStore(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : file_{file}, post_{std::move(post)} {
  for_file(file, [&] {
    prepare(file);
    writer_ = std::make_unique<Writer>(file, post_);
    reader_ = std::make_unique<Reader>(file, post_);
  });
  writer_->start();
  reader_->start();
}

SqliteRunStore::~SqliteRunStore() = default;

SqliteRunStore::Recovery SqliteRunStore::recover(Instant now) {
  return for_file(file_, [&] { return select_unfinished(writer_->connection(), now); });
}

std::vector<JobFacts> SqliteRunStore::facts() {
  return for_file(file_, [&] { return select_facts(writer_->connection()); });
}

std::vector<Pause> SqliteRunStore::pauses() {
  return for_file(file_, [&] { return select_pauses(writer_->connection()); });
}

std::vector<AlarmState> SqliteRunStore::alarms() {
  return for_file(file_, [&] { return select_alarms(writer_->connection()); });
}

void SqliteRunStore::insert(Run run, std::function<void(std::optional<RunId>)> done) {
  writer_->add({[run = std::move(run), done](WriteStatements& statements) -> std::function<void()> {
                  return [done, id = statements.insert(run)] { done(id); };
                },
                [done] { done(std::nullopt); }});
}

void SqliteRunStore::record_started(RunId id, Instant started_at, std::string log_path,
                                    std::function<void()> done) {
  writer_->add({[id, started_at, log_path = std::move(log_path), done](WriteStatements& statements) {
                  statements.record_started(id, started_at, log_path);
                  return done;
                },
                done});
}

void SqliteRunStore::record_outcome(RunId id, Outcome outcome, Consequences consequences,
                                    std::function<void(std::optional<RunId>)> done) {
  writer_->add({[id, outcome = std::move(outcome), consequences = std::move(consequences),
                 done](WriteStatements& statements) -> std::function<void()> {
                  return
                      [done, retry = statements.record_outcome(id, outcome, consequences)] { done(retry); };
                },
                [done] { done(std::nullopt); }});
}

void SqliteRunStore::record_alarm(std::vector<OutboxMail> mails, std::optional<AlarmState> alarm,
                                  Announced announced, Instant now, std::function<void()> done) {
  writer_->add({[mails = std::move(mails), alarm = std::move(alarm), announced = std::move(announced), now,
                 done](WriteStatements& statements) {
                  statements.record_alarm(mails, alarm, announced, now);
                  return done;
                },
                done});
}

void SqliteRunStore::record_calendars(std::vector<std::string> job_names, Instant now,
                                      std::function<void()> done) {
  writer_->add({[names = std::move(job_names), now, done](WriteStatements& statements) {
                  statements.record_calendars(names, now);
                  return done;
                },
                done});
}

void SqliteRunStore::record_pause(Pause pause, std::function<void()> done) {
  writer_->add({[pause = std::move(pause), done](WriteStatements& statements) {
                  statements.record_pause(pause);
                  return done;
                },
                done});
}

void SqliteRunStore::record_resume(Pause::Scope scope, std::string name, std::function<void()> done) {
  writer_->add({[scope, name = std::move(name), done](WriteStatements& statements) {
                  statements.record_resume(scope, name);
                  return done;
                },
                done});
}

void SqliteRunStore::prune(std::string job_name, Retention retention, int step,
                           std::function<void(Pruned)> done) {
  writer_->add({[job_name = std::move(job_name), retention, step,
                 done](WriteStatements& statements) -> std::function<void()> {
                  return [done, pruned = statements.prune(job_name, retention, step)] { done(pruned); };
                },
                [done] { done({}); }});
}

void SqliteRunStore::back_up(std::filesystem::path file, std::function<void(std::string)> done) {
  if (!copier_) copier_ = std::make_unique<Copier>(file_, post_);
  copier_->add(std::move(file), std::move(done));
}

void SqliteRunStore::remove_mail(std::int64_t id, std::function<void()> done) {
  writer_->add({[id, done](WriteStatements& statements) {
                  statements.remove_mail(id);
                  return done;
                },
                done});
}

void SqliteRunStore::postpone_mail(std::int64_t id, Instant next_attempt_at, std::string error,
                                   std::function<void()> done) {
  writer_->add({[id, next_attempt_at, error = std::move(error), done](WriteStatements& statements) {
                  statements.postpone_mail(id, next_attempt_at, error);
                  return done;
                },
                done});
}

namespace {

// What cannot be read is answered as nothing, and said in the log.
template <typename Result, typename Select>
Result read_or_nothing(Select select) {
  try {
    return select();
  } catch (const SqliteError& error) {
    spdlog::error("database: cannot be read: {}", error.what());
    return {};
  }
}

}  // namespace

void SqliteRunStore::due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) {
  reader_->add([=, done = std::move(done)](Connection& connection) -> std::function<void()> {
    auto mails =
        read_or_nothing<std::vector<OutboxMail>>([&] { return select_due_mails(connection, now, limit); });
    return [done, mails = std::move(mails)] { done(mails); };
  });
}

void SqliteRunStore::find(RunId id, std::function<void(std::optional<Run>)> done) {
  reader_->add([id, done = std::move(done)](Connection& connection) -> std::function<void()> {
    auto run = read_or_nothing<std::optional<Run>>([&] { return select_run(connection, id); });
    return [done, run = std::move(run)] { done(run); };
  });
}

void SqliteRunStore::query(RunQuery query, std::function<void(std::vector<Run>)> done) {
  reader_->add(
      [query = std::move(query), done = std::move(done)](Connection& connection) -> std::function<void()> {
        auto runs = read_or_nothing<std::vector<Run>>([&] { return select_runs(connection, query); });
        return [done, runs = std::move(runs)] { done(runs); };
      });
}

bool SqliteRunStore::healthy() const { return trouble().empty(); }

std::string SqliteRunStore::trouble() const { return writer_->trouble(); }

}  // namespace rota
