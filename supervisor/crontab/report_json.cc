#include "supervisor/crontab/report_json.h"

#include <boost/json.hpp>
#include <string_view>

#include "supervisor/crontab/occurrence_texts.h"

namespace rota {
namespace {

namespace json = boost::json;

std::string_view word(ImportNote::Kind kind) {
  switch (kind) {
    case ImportNote::Kind::lost:
      break;
    case ImportNote::Kind::changed:
      return "changed";
    case ImportNote::Kind::differs:
      return "differs";
  }
  return "lost";
}

json::value number_or_null(int number) { return number == 0 ? json::value() : json::value(number); }

json::object note_object(const ImportNote& note) {
  return {{"kind", word(note.kind)},
          {"line", number_or_null(note.line)},
          {"column", number_or_null(note.column)},
          {"text", note.text}};
}

json::object job_object(const ComparedJob& job) {
  return {{"name", job.name},
          {"line", job.line},
          {"schedule", job.schedule},
          {"same", job.is_same()},
          {"cron", json::value_from(occurrence_texts(job.cron, job.zone))},
          {"rota", json::value_from(occurrence_texts(job.rota, job.zone))}};
}

}  // namespace

json::object report_as_json(const Import& import, const std::vector<ComparedJob>& compared,
                            const std::string& source) {
  json::array notes;
  for (const ImportNote& note : import.notes) notes.push_back(note_object(note));
  json::array jobs;
  for (const ComparedJob& job : compared) jobs.push_back(job_object(job));
  return {{"source", source},
          {"entries", import.entries},
          {"notes", std::move(notes)},
          {"jobs", std::move(jobs)}};
}

}  // namespace rota
