// The configuration of the simulated machine: jobs with drawn schedules and policies, and other ones
// after each reload.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "common/configuration/configuration.h"
#include "common/module/module_loader.h"
#include "supervisor/dispatch/dispatcher.h"
#include "supervisor/job/job_table.h"
#include "tests/simulation/random.h"

namespace rota::simulation {

class DrawnJobs {
 public:
  explicit DrawnJobs(Random& random);

  // Adds, removes or changes a few jobs, limits, or the zone of all that name none.
  void change();

  // As a start or a reload would make it.
  JobTable table() const;
  Dispatcher::Limits limits() const;
  std::vector<std::string> names() const;

 private:
  RegisteredJob draw(const std::string& name);
  std::string schedule();
  void draw_limits();
  void draw_dependencies(Policies& policies, const std::string& name);
  void drop_dependencies_on(const std::string& name);

  Random& random_;
  std::map<std::string, RegisteredJob> jobs_;
  Configuration configuration_;
};

}  // namespace rota::simulation
