#include "supervisor/cli/logs_command.h"

#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "common/protocol/utf8.h"
#include "supervisor/cli/client_command.h"
#include "supervisor/cli/log_printer.h"
#include "supervisor/cli/log_reader.h"
#include "supervisor/cli/terminal.h"

namespace rota {
namespace {

struct LogsOptions {
  ClientOptions client;
  std::int64_t id = 0;
  bool follow = false;
};

void show(const LogPiece& piece, bool json, LogPrinter& printer) {
  if (!json) return printer.print(piece.text);
  if (piece.text.empty()) return;
  const boost::json::object line{
      {"offset", piece.offset}, {"state", piece.state}, {"text", to_valid_utf8(piece.text)}};
  std::cout << boost::json::serialize(line) << '\n' << std::flush;
}

int print_log(const LogsOptions& options) {
  Client client{choose_endpoint(options.client.endpoint)};
  LogReader reader{client, options.id};
  LogPrinter printer{standard_output().width.has_value()};
  bool has_log = false;
  std::string state;
  const auto take = [&](const LogPiece& piece) {
    show(piece, options.client.json, printer);
    has_log = has_log || piece.has_log;
    state = piece.state;
  };
  if (options.follow) {
    while (const auto piece = reader.next_until_end()) take(*piece);
  } else {
    take(reader.next());
  }
  printer.finish();
  if (!has_log) throw std::runtime_error{"run " + std::to_string(options.id) + " has no log; it is " + state};
  return 0;
}

}  // namespace

void add_logs_command(const Subcommand& app, int& exit_status) {
  const auto options = std::make_shared<LogsOptions>();
  const Subcommand command = add_client_command(app, "logs", "Print the log of a run", options->client);
  command.option("id", options->id, "Id of the run").required().positive();
  command.flag("-f,--follow", options->follow, "Go on as it comes, until the run ends");
  set_body(command, exit_status, [options] { return print_log(*options); });
}

}  // namespace rota
