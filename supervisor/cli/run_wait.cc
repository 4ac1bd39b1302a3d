#include "supervisor/cli/run_wait.h"

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>

#include "common/text/progress_text.h"
#include "supervisor/cli/interrupt.h"
#include "supervisor/cli/json_fields.h"
#include "supervisor/cli/log_printer.h"
#include "supervisor/cli/log_reader.h"
#include "supervisor/cli/printable.h"
#include "supervisor/cli/progress_bar.h"
#include "supervisor/cli/run_exit_status.h"
#include "supervisor/cli/terminal.h"
#include "supervisor/cli/time_text.h"

namespace rota {
namespace {

using Object = boost::json::object;

constexpr int kInterrupted = 130;
constexpr std::size_t kMostOfBar = 30;

std::string run_target(std::int64_t id) { return "/scheduler/runs/" + std::to_string(id); }

void draw_progress(Client& client, std::int64_t id, ProgressBar& bar) {
  if (!bar.is_shown()) return;
  const Object run = parse_object(client.get(run_target(id)).body);
  if (const Object* progress = object_member(run, "progress"))
    bar.draw(progress_text(number_member(*progress, "done").value_or(0), number_member(*progress, "total"),
                           text_member(*progress, "message"),
                           std::min(kMostOfBar, standard_error_width() / 3)));
  else
    bar.draw("run " + std::to_string(id) + ": " + text_member(run, "state"));
}

// False if it was interrupted.
bool show_until_end(Client& client, std::int64_t id, bool json) {
  const Interrupt interrupt;
  LogReader reader{client, id};
  LogPrinter printer{standard_output().width.has_value()};
  ProgressBar bar;
  while (const auto piece = reader.next_until_end()) {
    if (interrupt.raised()) return false;
    if (!json && !piece->text.empty()) {
      bar.clear();
      printer.print(piece->text);
    }
    if (printer.at_line_start()) draw_progress(client, id, bar);
  }
  bar.clear();
  printer.finish();
  return true;
}

void say_end(const Object& run) {
  const std::string took = duration_text(text_member(run, "started_at"), text_member(run, "finished_at"));
  const std::string error = text_member(run, "error_message");
  std::cerr << printable_line("run " + text_member(run, "id") + " of " + text_member(run, "job_name") + ": " +
                              text_member(run, "state") + (took.empty() ? "" : " after " + took) +
                              (error.empty() ? "" : ": " + error))
            << '\n';
}

bool is_command(Client& client, const std::string& job) {
  return text_member(parse_object(client.get("/scheduler/jobs/" + percent_encoded(job)).body), "kind") ==
         "command";
}

}  // namespace

int wait_for_run(Client& client, const std::string& job, std::int64_t run_id, bool json) {
  // Asked before the end, since a reload may take the job away.
  const bool exits_as_command = is_command(client, job);
  if (!show_until_end(client, run_id, json)) {
    const std::string id = std::to_string(run_id);
    std::cerr << "\nrun " << id << " goes on; rota logs -f " << id << " shows it, rota cancel " << id
              << " ends it\n";
    return kInterrupted;
  }
  const ClientAnswer answer = client.get(run_target(run_id));
  const Object run = parse_object(answer.body);
  if (json)
    std::cout << answer.body;
  else
    say_end(run);
  return run_exit_status(run, exits_as_command);
}

}  // namespace rota
