#include "supervisor/crontab/report.h"

#include <algorithm>

#include "supervisor/crontab/occurrence_texts.h"

namespace rota {
namespace {

std::string count_text(std::size_t count, const std::string& singular, const std::string& plural) {
  return std::to_string(count) + " " + (count == 1 ? singular : plural);
}

std::string place_of(const ImportNote& note) {
  if (note.line == 0) return "";
  std::string place = "line " + std::to_string(note.line);
  if (note.column > 0) place += ", column " + std::to_string(note.column);
  return place + ": ";
}

std::string notes_text(const Import& import, ImportNote::Kind kind, const std::string& title) {
  std::string text;
  for (const ImportNote& note : import.notes)
    if (note.kind == kind) text += "  " + place_of(note) + note.text + "\n";
  return text.empty() ? "" : "\n" + title + ":\n" + text;
}

std::string job_text(const ComparedJob& job) {
  const std::vector<std::string> crons = occurrence_texts(job.cron, job.zone);
  const std::vector<std::string> rotas = occurrence_texts(job.rota, job.zone);
  std::string text = "  " + job.name + " (line " + std::to_string(job.line) + "): " + job.schedule + "\n";
  const std::size_t rows = std::max({crons.size(), rotas.size(), std::size_t{1}});
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string cron = i < crons.size() ? crons[i] : "none";
    const std::string rota = i < rotas.size() ? rotas[i] : "none";
    text.append("    cron ").append(cron).append("  rota ").append(rota);
    text.append(cron == rota ? "  same\n" : "  DIFFERENT\n");
  }
  return text;
}

std::string occurrences_text(const std::vector<ComparedJob>& compared) {
  if (compared.empty()) return "";
  const auto different = static_cast<std::size_t>(
      std::count_if(compared.begin(), compared.end(), [](const ComparedJob& job) { return !job.is_same(); }));
  std::string text = "\nNext occurrences, by cron and by the job file: ";
  text += different == 0 ? "all the same" : count_text(different, "job differs", "jobs differ");
  text += "\n";
  if (different > 0)
    text +=
        "  A time of day that the clock jumps over in spring is run by cron right after the jump,\n"
        "  by Rota an hour later than usual by the new time. Look into any other difference.\n";
  for (const ComparedJob& job : compared) text += job_text(job);
  return text;
}

}  // namespace

std::string report(const Import& import, const std::vector<ComparedJob>& compared,
                   const std::string& source) {
  const std::size_t carried = import.jobs.size();
  const std::size_t entries = static_cast<std::size_t>(import.entries);
  return source + ": " + count_text(entries, "entry", "entries") + ", " + std::to_string(carried) +
         " carried over, " + std::to_string(entries - carried) + " not\n" +
         notes_text(import, ImportNote::Kind::lost, "Not carried over") +
         notes_text(import, ImportNote::Kind::changed, "Changed") +
         notes_text(import, ImportNote::Kind::differs, "Of every job") + occurrences_text(compared);
}

}  // namespace rota
