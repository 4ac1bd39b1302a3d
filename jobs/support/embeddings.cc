#include "jobs/support/embeddings.h"

#include <algorithm>

namespace rota::jobs {

void embed_new_meetings(MeetingsDatabase& database) {
  database.transaction([&] {
    Statement missing{database,
                      "SELECT id, title || ' ' || member FROM meetings m WHERE NOT EXISTS "
                      "(SELECT 1 FROM documents_embeddings e WHERE e.meeting_id = m.id)"};
    std::vector<std::pair<std::int64_t, Embedding>> made;
    while (missing.step()) made.emplace_back(missing.integer(0), embed(missing.text(1)));
    Statement insert{database, "INSERT INTO documents_embeddings (meeting_id, embedding) VALUES (?1, ?2)"};
    for (const auto& [id, embedding] : made) {
      const std::string bytes = to_bytes(embedding);
      insert.with(id, Statement::Blob{bytes}).run();
    }
  });
}

std::vector<EmbeddedMeeting> meetings_between(MeetingsDatabase& database, const std::string& first,
                                              const std::string& end) {
  Statement rows{
      database,
      "SELECT m.id, m.title, m.member, m.starts_at, m.location, e.embedding FROM meetings m "
      "JOIN documents_embeddings e ON e.meeting_id = m.id WHERE m.starts_at >= ?1 AND m.starts_at < ?2 "
      "ORDER BY m.starts_at, m.id"};
  rows.with(first, end);
  std::vector<EmbeddedMeeting> meetings;
  while (rows.step())
    meetings.push_back({{rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4)},
                        from_bytes(rows.blob(5))});
  return meetings;
}

std::vector<Match> nearest(const std::vector<EmbeddedMeeting>& meetings, const Embedding& wanted,
                           float threshold, std::size_t count) {
  std::vector<Match> matches;
  for (const EmbeddedMeeting& candidate : meetings) {
    const float found = similarity(candidate.embedding, wanted);
    if (found >= threshold) matches.push_back({&candidate.meeting, found});
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const Match& left, const Match& right) { return left.similarity > right.similarity; });
  if (matches.size() > count) matches.resize(count);
  return matches;
}

}  // namespace rota::jobs
