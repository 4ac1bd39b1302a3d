// Coming meetings and how near they are to what somebody looks for.
#pragma once

#include <string>
#include <vector>

#include "jobs/support/meetings_database.h"
#include "jobs/support/vectorizer.h"

namespace rota::jobs {

struct Meeting {
  std::int64_t id = 0;
  std::string title;
  std::string member;
  std::string starts_at;
  std::string location;
};

struct EmbeddedMeeting {
  Meeting meeting;
  Embedding embedding;
};

struct Match {
  const Meeting* meeting = nullptr;
  float similarity = 0;
};

// Makes the embeddings of meetings that have none yet; in one transaction.
void embed_new_meetings(MeetingsDatabase& database);

// The meetings from `first` to before `end`, dates as texts, in their order.
std::vector<EmbeddedMeeting> meetings_between(MeetingsDatabase& database, const std::string& first,
                                              const std::string& end);

// The nearest first: at most `count`, each at least as similar as `threshold`. They point
// into `meetings`.
std::vector<Match> nearest(const std::vector<EmbeddedMeeting>& meetings, const Embedding& wanted,
                           float threshold, std::size_t count);

}  // namespace rota::jobs
