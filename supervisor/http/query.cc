#include "supervisor/http/query.h"

#include <algorithm>

#include "common/text/nearest_word.h"
#include "common/time/rfc3339.h"
#include "supervisor/http/answer.h"
#include "supervisor/http/words.h"

namespace rota {
namespace {

// Sets one member; what was expected, if the value is wrong.
std::string set_member(RunQuery& query, const QueryMember& member) {
  constexpr std::int64_t kLongestPage = 1000;
  if (member.key == "job") {
    query.job_name = member.value;
  } else if (member.key == "state") {
    query.state = parse_run_state(member.value);
    if (!query.state) return "a state, such as failed or running";
  } else if (member.key == "since") {
    query.since = parse_rfc3339(member.value);
    if (!query.since) return "an instant, such as 2026-11-24T10:00:00Z or 2026-11-24T11:00:00+01:00";
  } else if (member.key == "before") {
    query.before = positive_number(member.value);
    if (!query.before) return "the id of a run";
  } else {
    const auto limit = positive_number(member.value);
    if (!limit || *limit > kLongestPage) return "a whole number from 1 to 1000";
    query.limit = static_cast<int>(*limit);
  }
  return {};
}

HttpAnswer wrong_value(const QueryMember& member, const std::string& expected) {
  return problem(400, "query " + member.key + "=" + member.value + ": expected " + expected);
}

}  // namespace

std::variant<Query, HttpAnswer> read_query(std::string_view text, const std::vector<std::string>& known) {
  Query query;
  if (text.empty()) return query;
  for (const std::string_view pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto key = percent_decoded(pair.substr(0, equals));
    const auto value = percent_decoded(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
    if (!key || !value)
      return problem(400,
                     "query " + std::string{pair} + ": expected UTF-8 with %XX for what is not a letter");
    if (std::find(known.begin(), known.end(), *key) == known.end())
      return problem(400, "query " + *key + ": there is no such key here" + suggestion(*key, known));
    if (std::any_of(query.begin(), query.end(),
                    [&](const QueryMember& member) { return member.key == *key; }))
      return problem(400, "query " + *key + ": expected once");
    query.push_back({*key, *value});
  }
  return query;
}

std::variant<RunQuery, HttpAnswer> read_run_query(const Query& query) {
  RunQuery result;
  for (const QueryMember& member : query) {
    const std::string expected = set_member(result, member);
    if (!expected.empty()) return wrong_value(member, expected);
  }
  return result;
}

std::variant<std::uint64_t, HttpAnswer> read_offset(const Query& query) {
  if (query.empty()) return std::uint64_t{0};
  const auto offset = whole_number(query.front().value);
  if (!offset) return wrong_value(query.front(), "a number of bytes");
  return *offset;
}

}  // namespace rota
