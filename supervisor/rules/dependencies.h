// Which jobs are due because others have ended: `after = ["a", "b"]`. Pure, for the
// event loop.
#pragma once

#include <rota/policies.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/instant.h"
#include "supervisor/run/run.h"

namespace rota {

class Dependencies {
 public:
  // What is known of a job that others depend on, or that depends on others.
  struct Past {
    std::optional<Instant> last_begun_at;
    std::optional<Instant> last_success_at;
    std::optional<Instant> last_failure_at;
  };

  // Names what each job waits for; jobs without dependencies may be left out. Of a job that had
  // the same dependencies before, what has ended since its last run is kept; of others `past` tells.
  void set(const std::map<std::string, DependencyPolicy, std::less<>>& policies,
           const std::map<std::string, Past, std::less<>>& past);

  // Jobs all of whose dependencies have ended, in the order of names: for the start, where a
  // crash may have come between the end of the last one and the run that it makes due.
  std::vector<std::string> due() const;

  // A run of the job has ended and will not be tried again. Returns the jobs that are due by
  // that. A run that was cancelled, skipped or missed is neither a success nor a failure.
  std::vector<std::string> ended(std::string_view job_name, RunState state);

  // The job has a new run, whatever made it: all its dependencies must end anew.
  void begun(std::string_view job_name);

  // The latest run that was said to have begun is none, since its occurrence has its row already: what
  // had ended before it counts. Returns the job if it is due by that.
  std::vector<std::string> refused(std::string_view job_name);

 private:
  struct Waiting {
    DependencyPolicy policy;
    std::set<std::string, std::less<>> open;    // have not ended as they should
    std::set<std::string, std::less<>> before;  // those that were open when the latest run began
  };

  std::map<std::string, Waiting, std::less<>> waiting_;
  std::map<std::string, std::vector<std::string>, std::less<>> followers_;
};

}  // namespace rota
