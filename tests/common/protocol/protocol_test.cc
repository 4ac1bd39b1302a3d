#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "common/protocol/line_reader.h"
#include "common/protocol/message.h"
#include "common/protocol/utf8.h"

namespace rota {
namespace {

using namespace std::string_literals;

void round_trip(const Message& message) {
  const auto line = encode(message);
  REQUIRE(line.has_value());
  CHECK(line->back() == '\n');
  CHECK(line->find('\n') == line->size() - 1);
  const auto back = decode(std::string_view{*line}.substr(0, line->size() - 1));
  REQUIRE(std::holds_alternative<Message>(back));
  CHECK(std::get<Message>(back) == message);
}

TEST_CASE("every message comes back as it was sent") {
  StartMessage start;
  start.run_id = 7;
  start.job = "scrape";
  start.attempt = 2;
  start.trigger = "manual";
  start.scheduled_for = Instant{std::chrono::milliseconds{1'700'000'000'000}};
  start.deadline = Instant{std::chrono::milliseconds{1'700'000'900'000}};
  start.parameters = {{"name", "value with \"quotes\" and \n a newline"}};
  start.last_entry = R"({"after":500})";
  round_trip(start);
  start.scheduled_for.reset();
  round_trip(start);
  round_trip(StopMessage{});
  round_trip(HelloMessage{1, 4711});
  round_trip(ProgressMessage{3, 10, "page 3"});
  round_trip(ProgressMessage{3, std::nullopt, "żółw"});
  round_trip(LogMessage{LogLevel::warning, "careful"});
  round_trip(ResultMessage{false, "timeout", "too slow", 3, 4, "[1]", 5});
}

Command command_with_everything() {
  Command command;
  command.arguments = {"/usr/bin/env", "-i", "a \"b\"\n", ""};
  command.directory = "/srv/żółw";
  command.environment = {{"NAME", "value=1"}, {"EMPTY", ""}};
  command.pass_environment = {"TZ"};
  command.user = "nobody";
  command.group = "65534";
  command.umask = 027;
  command.nice = -20;
  command.io_class = IoClass::best_effort;
  command.limits = {.memory_bytes = std::numeric_limits<std::uint64_t>::max(),
                    .cpu_time = std::chrono::seconds{60},
                    .open_files = 64,
                    .processes = 0,
                    .file_size_bytes = 1U << 30,
                    .cpu_share_percent = {}};  // stays with the supervisor
  command.confinement = {true, true, {"/etc", "/srv/żółw"}};
  command.success_exit_codes = {0, 3, 255};
  command.standard_input = "first\nsecond\n";
  return command;
}

TEST_CASE("a command comes back as it was sent with every field and with none") {
  StartMessage start;
  start.job = "back_up";
  start.trigger = "schedule";
  start.command = command_with_everything();
  round_trip(start);
  start.command = Command{};
  start.command->arguments = {"true"};
  round_trip(start);
  start.command->io_class = IoClass::idle;
  start.command->success_exit_codes = {};
  round_trip(start);
}

TEST_CASE("the limits of a job of a module come back as they were sent and need not be there") {
  StartMessage start;
  start.job = "scrape";
  start.trigger = "schedule";
  start.limits = command_with_everything().limits;
  round_trip(start);
  const auto message = decode(
      R"({"type":"start","version":1,"run_id":1,"job":"scrape","attempt":1,"trigger":"manual","deadline_ms":1,)"
      R"("parameters":{},"last_entry":""})");
  REQUIRE(std::holds_alternative<Message>(message));
  CHECK(std::get<StartMessage>(std::get<Message>(message)).limits == CommandLimits{});
}

TEST_CASE("a command that is too long for a line is refused and not cut") {
  StartMessage start;
  start.command = command_with_everything();
  start.command->standard_input = std::string(70'000, 'x');
  CHECK_FALSE(encode(start).has_value());
}

TEST_CASE("messages that are written by hand may be short") {
  const auto message = [](std::string_view line) {
    const auto result = decode(line);
    REQUIRE(std::holds_alternative<Message>(result));
    return std::get<Message>(result);
  };
  CHECK(message(R"({"type":"progress","done":3})") == Message{ProgressMessage{3, std::nullopt, ""}});
  CHECK(message(R"({"type":"log","message":"hi"})") == Message{LogMessage{LogLevel::info, "hi"}});
  CHECK(message(R"({"type":"result"})") == Message{ResultMessage{}});
  CHECK(message(R"({"type":"result","lines_added":5,"error":null})") ==
        Message{ResultMessage{true, "", "", 5, 0, ""}});
}

TEST_CASE("a text that is too long for a line is cut and the line still fits") {
  const auto line = encode(LogMessage{LogLevel::info, std::string(1'000'000, 'x')});
  REQUIRE(line.has_value());
  CHECK(line->size() <= kMaximumLineBytes);
  const auto back = decode(std::string_view{*line}.substr(0, line->size() - 1));
  CHECK(std::get<LogMessage>(std::get<Message>(back)).message.ends_with("[…]"));
}

TEST_CASE("text of control characters that grows when it is escaped still fits") {
  const auto line =
      encode(ResultMessage{false, std::string(50'000, '\1'), std::string(60'000, '\2'), 0, 0, ""});
  REQUIRE(line.has_value());
  CHECK(line->size() <= kMaximumLineBytes);
}

TEST_CASE("a last entry that cannot be carried whole is refused and not cut") {
  CHECK_FALSE(encode(ResultMessage{true, "", "", 0, 0, std::string(70'000, '1')}).has_value());
}

TEST_CASE("a last entry that would keep the next run from its start is refused") {
  const auto reason = [](const std::string& entry) {
    return std::get<ProtocolError>(decode(R"({"type":"result","last_entry":")" + entry + "\"}")).reason;
  };
  CHECK(reason(R"(\u0000)").find("zero byte") != std::string::npos);
  CHECK(reason(std::string(40'000, 'x')).find("32 KiB") != std::string::npos);
  CHECK_FALSE(encode(ResultMessage{true, "", "", 0, 0, std::string(1, '\0')}).has_value());
  CHECK_FALSE(encode(ResultMessage{true, "", "", 0, 0, std::string(10'000, '\1')}).has_value());
  const std::string longest(kMaximumLastEntryBytes - 2, 'x');
  round_trip(ResultMessage{true, "", "", 0, 0, longest});
  StartMessage next;
  next.command = command_with_everything();
  next.last_entry = longest;
  round_trip(next);
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  CHECK(to_valid_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
  CHECK(to_valid_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(to_valid_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(to_valid_utf8("grüße €𝄞") == "grüße €𝄞");
  round_trip(LogMessage{LogLevel::info, to_valid_utf8("cut \xE2\x82")});
}

TEST_CASE("a prefix does not end inside a character") {
  CHECK(utf8_prefix("a€b", 3) == "a");
  CHECK(utf8_prefix("a€b", 4) == "a€");
  CHECK(utf8_prefix("ab", 9) == "ab");
}

TEST_CASE("what is no message is an error that says why") {
  const auto reason = [](std::string_view line) {
    const auto result = decode(line);
    REQUIRE(std::holds_alternative<ProtocolError>(result));
    return std::get<ProtocolError>(result).reason;
  };
  CHECK(reason("garbage").find("not JSON") != std::string::npos);
  CHECK(reason("").find("not JSON") != std::string::npos);
  CHECK(reason("[1]").find("not a JSON object") != std::string::npos);
  CHECK(reason(R"({})").find("\"type\" is missing") != std::string::npos);
  CHECK(reason(R"({"type":"dance"})").find("none of") != std::string::npos);
  CHECK(reason(R"({"type":7})").find("a string") != std::string::npos);
  CHECK(reason(R"({"type":"progress","done":"x","message":""})").find("\"done\"") != std::string::npos);
  CHECK(reason(R"({"type":"log","level":"loud","message":""})").find("\"level\"") != std::string::npos);
  CHECK(reason(R"({"type":"result","success":1})").find("\"success\"") != std::string::npos);
  CHECK(reason("{\"type\":\"stop\"}\0"s).find("not JSON") != std::string::npos);
  CHECK(reason("{\"type\":\"log\",\"level\":\"info\",\"message\":\"\xFF\"}").find("not JSON") !=
        std::string::npos);
  CHECK(reason(std::string(5'000, '[')).find("not JSON") != std::string::npos);
  CHECK(reason(std::string(70'000, ' ')).find("64 KiB") != std::string::npos);
}

TEST_CASE("a command that is wrong is an error that names the member") {
  StartMessage start;
  start.command = command_with_everything();
  const std::string good = encode(start).value();
  const auto reason_with = [&](std::string_view from, std::string_view to) {
    std::string line = good.substr(0, good.size() - 1);
    REQUIRE(line.find(from) != std::string::npos);
    line.replace(line.find(from), from.size(), to);
    const auto result = decode(line);
    REQUIRE(std::holds_alternative<ProtocolError>(result));
    return std::get<ProtocolError>(result).reason;
  };
  CHECK(reason_with(R"("directory":)", R"("dictionary":)").find("\"directory\"") != std::string::npos);
  CHECK(reason_with(R"("nice":-20)", R"("nice":-21)").find("\"nice\"") != std::string::npos);
  CHECK(reason_with(R"("umask":23)", R"("umask":512)").find("\"umask\"") != std::string::npos);
  CHECK(reason_with(R"("best-effort")", R"("worst")").find("\"io_class\"") != std::string::npos);
  CHECK(reason_with(R"("open_files":64)", R"("open_files":-1)").find("\"open_files\"") != std::string::npos);
  CHECK(reason_with(R"([0,3,255])", R"([0,"x"])").find("\"success_exit_codes\"") != std::string::npos);
  CHECK(reason_with(R"(["TZ"])", R"([1])").find("\"pass_environment\"") != std::string::npos);
  CHECK(reason_with(R"("command":{)", R"("command":7,"rest":{)").find("\"command\"") != std::string::npos);
}

TEST_CASE("members of a later version are ignored") {
  CHECK(std::holds_alternative<Message>(decode(R"({"type":"stop","reason":"timeout"})")));
}

TEST_CASE("lines come out whole however the bytes arrive") {
  LineReader reader{16};
  for (const char byte : "one\ntwo\nrest"s) reader.feed(std::string_view{&byte, 1});
  CHECK(reader.next() == "one");
  CHECK(reader.next() == "two");
  CHECK_FALSE(reader.next().has_value());
  CHECK(reader.has_partial_line());
  reader.feed("\n\n");
  CHECK(reader.next() == "rest");
  CHECK(reader.next() == "");
  CHECK_FALSE(reader.has_partial_line());
  reader.feed("end");
  CHECK(reader.take_partial_line() == "end");
  CHECK_FALSE(reader.has_partial_line());
}

TEST_CASE("a line of the greatest length passes and one byte more does not") {
  LineReader reader{4};
  reader.feed("abc\n");
  CHECK(reader.next() == "abc");
  CHECK_FALSE(reader.overlong());
  reader.feed("abcd");
  CHECK(reader.overlong());
  reader.feed("\nx\n");
  CHECK_FALSE(reader.next().has_value());
}

}  // namespace
}  // namespace rota
