#include "supervisor/store/sqlite_run_store.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "supervisor/store/database_lock.h"
#include "supervisor/store/facts_statements.h"
#include "supervisor/store/outbox_statements.h"
#include "supervisor/store/patience.h"
#include "supervisor/store/schema.h"
#include "supervisor/store/store_copier.h"
#include "supervisor/store/store_reader.h"
#include "supervisor/store/store_writer.h"

namespace rota {
namespace {

void prepare(const std::filesystem::path& file) {
  Connection connection{file, Connection::Access::read_write};
  connection.execute("PRAGMA journal_mode = WAL");
  migrate(connection);
}

bool may_pass(const std::error_code& error) {
  return error == std::errc::no_space_on_device || error == std::errc::read_only_file_system ||
         error == std::errc::io_error || error == std::errc::too_many_files_open ||
         error == std::errc::too_many_files_open_in_system || error.value() == EDQUOT;
}

// What keeps a start-up step from being done, if it may pass. Anything else is thrown, with the file's name.
template <typename Step>
std::string try_step(const std::filesystem::path& file, Step step) {
  const std::string name = "database " + file.string() + ": ";
  try {
    step();
    return {};
  } catch (const SqliteError& error) {
    std::string message = name + error.what() + "; " + error.advice();
    if (error.is_damage()) throw DatabaseUnusable{message};
    if (!error.may_pass()) throw StoreError{message};
    return message;
  } catch (const NewerSchema& error) {
    throw DatabaseUnusable{name + error.what()};
  } catch (const std::system_error& error) {
    if (!may_pass(error.code())) throw StoreError{name + error.what()};
    return name + error.what();
  } catch (const std::exception& error) {
    throw StoreError{name + error.what()};
  }
}

// Runs a start-up step, when it can be done. A supervisor that ended instead would be started again and
// again, and given up, while all that is missing is room on a disk.
template <typename Step>
auto for_file(const std::filesystem::path& file, Step step) {
  Patience patience;
  std::string told;
  for (;;) {
    std::optional<decltype(step())> result;
    const std::string trouble = try_step(file, [&] { result = step(); });
    if (trouble.empty()) return *std::move(result);
    if (trouble != told) spdlog::error("{}; it is tried again until it can be used", trouble);
    told = trouble;
    std::this_thread::sleep_for(patience.next_wait());
  }
}

}  // namespace

SqliteRunStore::SqliteRunStore(const std::filesystem::path& file,
                               std::function<void(std::function<void()>)> post)
    : file_{file}, post_{std::move(post)} {
  for_file(file, [&] {
    reader_.reset();
    writer_.reset();
    lock_.reset();
    lock_ = std::make_unique<DatabaseLock>(file);
    prepare(file);
    writer_ = std::make_unique<Writer>(file, post_);
    reader_ = std::make_unique<Reader>(file, post_);
    return true;
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

void SqliteRunStore::insert(Run run, std::function<void(RunId)> written,
                            std::function<void(std::optional<RunId>)> done) {
  const auto answer = std::make_shared<const decltype(done)>(std::move(done));
  writer_->add({[run = std::move(run), written = std::move(written),
                 answer](WriteStatements& statements) -> Writer::Answer {
                  const auto id = statements.insert(run);
                  std::function<void()> soon;
                  if (id && written) soon = [written, id = *id] { written(id); };
                  return {[answer, id] { (*answer)(id); }, std::move(soon)};
                },
                [answer] { (*answer)(std::nullopt); }});
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
  const auto answer = std::make_shared<const decltype(done)>(std::move(done));
  writer_->add({[id, outcome = std::move(outcome), consequences = std::move(consequences),
                 answer](WriteStatements& statements) -> std::function<void()> {
                  const auto retry = statements.record_outcome(id, outcome, consequences);
                  return [answer, retry] { (*answer)(retry); };
                },
                [answer] { (*answer)(std::nullopt); }});
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

void SqliteRunStore::prune(std::vector<JobRetention> jobs, int step, std::function<void(Pruned)> done) {
  const std::size_t all = jobs.size();
  writer_->add({[jobs = std::move(jobs), step, done](WriteStatements& statements) -> std::function<void()> {
                  return [done, pruned = statements.prune(jobs, step)] { done(pruned); };
                },
                [done, all] { done({.logs = {}, .jobs_done = all}); }});
}

void SqliteRunStore::back_up(std::filesystem::path file, std::function<void(std::string)> done) {
  if (std::string amiss = writer_->what_is_amiss(); !amiss.empty())
    return post_([done = std::move(done), amiss = std::move(amiss)] { done("backup: " + amiss); });
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

void SqliteRunStore::due_mails(Instant now, int limit, std::function<void(std::vector<OutboxMail>)> done) {
  reader_->ask<std::vector<OutboxMail>>(
      [now, limit](Connection& connection) { return select_due_mails(connection, now, limit); },
      std::move(done));
}

void SqliteRunStore::find(RunId id, std::function<void(std::optional<Run>)> done) {
  reader_->ask<std::optional<Run>>([id](Connection& connection) { return select_run(connection, id); },
                                   std::move(done));
}

void SqliteRunStore::query(RunQuery query, std::function<void(std::vector<Run>)> done) {
  reader_->ask<std::vector<Run>>(
      [query = std::move(query)](Connection& connection) { return select_runs(connection, query); },
      std::move(done));
}

bool SqliteRunStore::healthy() const { return trouble().empty(); }

std::string SqliteRunStore::trouble() const {
  std::string trouble = writer_->trouble();
  return trouble.empty() ? reader_->trouble() : trouble;
}

}  // namespace rota
