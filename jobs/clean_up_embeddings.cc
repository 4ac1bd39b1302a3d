// Deletes embeddings whose meeting is gone: a job on a thread that minds its timeout.
// It walks the table in key order, and when it is stopped it says how far it came, so
// that the next run goes on from there.
//
// Parameters: database; batch_pause_ms, a wait after each batch (0).
#include <rota/job.h>

#include <boost/json.hpp>
#include <vector>

#include "jobs/support/meetings_database.h"
#include "jobs/support/parameters.h"

namespace {

using rota::JobContext;
using rota::ScraperResult;
using rota::Statement;
using rota::jobs::MeetingsDatabase;

constexpr int kBatch = 500;

std::int64_t place_of(const std::string& last_entry) {
  boost::json::error_code error;
  const auto value = boost::json::parse(last_entry, error);
  if (error || !value.is_object()) return 0;
  const auto* id = value.get_object().if_contains("last_id");
  return id && id->is_int64() ? id->get_int64() : 0;
}

std::string entry_of(std::int64_t last_id) { return "{\"last_id\":" + std::to_string(last_id) + "}"; }

struct Batch {
  std::int64_t walked = 0;
  std::int64_t last_id = 0;
  std::vector<std::int64_t> orphans;
};

Batch read_batch(MeetingsDatabase& database, std::int64_t after) {
  Statement rows{
      database,
      "SELECT e.id, m.id IS NULL FROM documents_embeddings e LEFT JOIN meetings m ON m.id = e.meeting_id "
      "WHERE e.id > ?1 ORDER BY e.id LIMIT ?2"};
  rows.with(after, kBatch);
  Batch batch;
  while (rows.step()) {
    ++batch.walked;
    batch.last_id = rows.integer(0);
    if (rows.integer(1) != 0) batch.orphans.push_back(batch.last_id);
  }
  return batch;
}

void delete_all(MeetingsDatabase& database, const std::vector<std::int64_t>& ids) {
  database.transaction([&] {
    Statement remove{database, "DELETE FROM documents_embeddings WHERE id = ?1"};
    for (const std::int64_t id : ids) remove.with(id).run();
  });
}

std::int64_t count_embeddings(MeetingsDatabase& database) {
  Statement count{database, "SELECT count(*) FROM documents_embeddings"};
  return count.step() ? count.integer(0) : 0;
}

ScraperResult clean_up_embeddings(JobContext& context) {
  MeetingsDatabase database{context.parameter("database")};
  const std::chrono::milliseconds pause{
      rota::jobs::whole_parameter(context, "batch_pause_ms", 0, 3'600'000, 0)};
  const std::int64_t total = count_embeddings(database);
  ScraperResult result;
  std::int64_t place = place_of(context.last_entry());
  std::int64_t deleted = 0;
  for (;;) {
    const Batch batch = read_batch(database, place);
    if (batch.walked == 0) break;
    if (!batch.orphans.empty()) delete_all(database, batch.orphans);
    place = batch.last_id;
    deleted += static_cast<std::int64_t>(batch.orphans.size());
    result.lines_processed += batch.walked;
    context.progress(result.lines_processed, total, std::to_string(deleted) + " deleted");
    if (!context.sleep(pause)) {
      result.last_entry = entry_of(place);
      result.error = "stopped after embedding " + std::to_string(place) + " with " + std::to_string(deleted) +
                     " deleted; the next run goes on there";
      context.warning(result.error);
      return result;
    }
  }
  context.info(std::to_string(deleted) + " of " + std::to_string(result.lines_processed) +
               " embeddings deleted");
  result.last_entry = entry_of(0);
  return result;
}

}  // namespace

ROTA_REGISTER_JOBS(scheduler) {
  scheduler.register_job({.name = "clean_up_embeddings",
                          .function = clean_up_embeddings,
                          .schedule = rota::every().day().at("04:40"),
                          .timeout = std::chrono::minutes{30},
                          .parameters = {{"database", "/var/lib/rota/meetings.db"}}});
}
