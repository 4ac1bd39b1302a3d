// Which of the runs that were just read are new or have another state than before: what
// `rota runs --follow` prints. Pure.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace rota {

class RunTracker {
 public:
  // Runs up to id `newest` are old: they are reported only if they are noted as active.
  explicit RunTracker(std::int64_t newest = 0) : newest_{newest} {}

  // Takes a run as seen already.
  void note(const boost::json::object& run);

  // Of `runs` those that are new or changed, by id, and notes them. What was final stays
  // so and is not reported again.
  std::vector<boost::json::object> take(std::vector<boost::json::object> runs);

  std::int64_t newest() const { return newest_; }
  // Ids that may still change.
  std::vector<std::int64_t> active() const;

 private:
  std::int64_t newest_;
  std::map<std::int64_t, std::string> active_;  // with the state last seen
};

}  // namespace rota
