#include "supervisor/http/file_answer.h"

#include <fmt/chrono.h>

#include <string>

#include "supervisor/http/answer.h"

namespace rota {

HttpAnswer log_answer(const Run& run, const std::filesystem::path& path, std::uint64_t offset) {
  HttpAnswer answer;
  auto opened = open_log(path);
  const auto* const error = std::get_if<std::error_code>(&opened);
  const bool missing = error && *error == std::errc::no_such_file_or_directory;
  if (missing && run.started_at && !path.empty()) {
    // It has said nothing, perhaps nothing yet.
    answer.content_type = "text/plain; charset=utf-8";
    answer.headers.emplace_back("Rota-Log-Size", "0");
  } else if (error) {
    answer = problem(
        404, missing ? "run " + std::to_string(run.id) + " has no log"
                     : "the log of run " + std::to_string(run.id) + " cannot be read: " + error->message());
  } else {
    const FilePart& whole = std::get<FilePart>(opened);
    answer.content_type = "text/plain; charset=utf-8";
    answer.headers.emplace_back("Rota-Log-Size", std::to_string(whole.size));
    answer.file = part_from(whole, offset);
  }
  answer.headers.emplace_back("Rota-Run-State", to_string(run.state));
  return answer;
}

HttpAnswer backup_answer(const BackUpResult& result, std::chrono::system_clock::time_point now) {
  if (!result.error.empty()) return problem(500, "the database cannot be copied: " + result.error);
  auto opened = open_file(result.file);
  std::error_code ignored;
  std::filesystem::remove(result.file, ignored);
  if (const auto* error = std::get_if<std::error_code>(&opened))
    return problem(500, "the copy of the database cannot be read: " + error->message());
  HttpAnswer answer;
  answer.content_type = "application/vnd.sqlite3";
  const auto time = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
  answer.headers.emplace_back("Content-Disposition",
                              fmt::format("attachment; filename=\"rota-{:%Y%m%dT%H%M%SZ}.db\"", time));
  answer.file = std::get<FilePart>(std::move(opened));
  return answer;
}

}  // namespace rota
