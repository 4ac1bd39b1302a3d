#include "supervisor/forecast/waiting.h"

namespace rota {

std::vector<JobOutlook> outlook_of(const ForecastInput& input, const Simulation& simulation) {
  std::vector<JobOutlook> outlooks(input.jobs.size());
  for (std::size_t index = 0; index < outlooks.size(); ++index)
    outlooks[index].skips = simulation.skips[index];
  for (const PredictedRun& run : simulation.runs) {
    JobOutlook& outlook = outlooks[run.job];
    if (run.end == PredictedRun::End::replaced) ++outlook.replaced;
    if (run.end == PredictedRun::End::timed_out && outlook.timed_out++ == 0)
      outlook.first_timed_out_at = run.due_at;
    if (!run.ran()) continue;
    ++outlook.runs;
    const auto waited = run.waited();
    if (waited.count() == 0) continue;
    ++outlook.waited;
    ++outlook.waits_for.at(static_cast<std::size_t>(run.waits_for));
    outlook.total_wait += waited;
    if (waited <= outlook.longest_wait) continue;
    outlook.longest_wait = waited;
    outlook.longest_wait_due_at = run.due_at;
  }
  return outlooks;
}

std::chrono::milliseconds total_waiting(const ForecastInput& input, const Simulation& simulation,
                                        RunKind kind) {
  std::chrono::milliseconds total{0};
  for (const PredictedRun& run : simulation.runs)
    if (run.ran() && input.jobs[run.job].kind == kind) total += run.waited();
  return total;
}

}  // namespace rota
