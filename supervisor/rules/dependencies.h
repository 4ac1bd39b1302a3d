// Which jobs are due because others have ended: `after = ["a", "b"]`. Pure, for the
// event loop.
#pragma once

#include <rota/policies.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "supervisor/run/run.h"

namespace rota {

class Dependencies {
 public:
  // What was recorded of a job before the start.
  struct Past {
    Sequence begun = 0;
    Sequence success = 0;
    Sequence failure = 0;
  };
  void remember(std::string_view job_name, const Past& past);

  // Names what each job waits for; jobs without dependencies may be left out. What has begun and
  // ended before counts for it too.
  void set(std::map<std::string, DependencyPolicy, std::less<>> policies);

  // Jobs all of whose dependencies have ended, in the order of names: for the start, where a
  // crash may have come between the end of the last one and the run that it makes due.
  std::vector<std::string> due() const;

  // A run of the job has ended and will not be tried again. Returns the jobs that are due by
  // that. A run that was cancelled, skipped or missed is neither a success nor a failure.
  std::vector<std::string> ended(std::string_view job_name, RunState state);

  // The job has a new run, whatever made it, or is seen for the first time: all its dependencies must
  // end anew.
  void begun(std::string_view job_name);

  // The latest run that was said to have begun is none, since its occurrence has its row already: what
  // had ended before it counts. Returns the job if it is due by that.
  std::vector<std::string> refused(std::string_view job_name);

 private:
  struct Marks : Past {
    Sequence begun_before = 0;
  };

  Marks& marks_of(std::string_view job_name);
  bool is_due(std::string_view job_name, const DependencyPolicy& policy) const;

  Sequence latest_ = 0;
  std::map<std::string, Marks, std::less<>> marks_;
  std::map<std::string, DependencyPolicy, std::less<>> policies_;
  std::map<std::string, std::vector<std::string>, std::less<>> followers_;
};

}  // namespace rota
