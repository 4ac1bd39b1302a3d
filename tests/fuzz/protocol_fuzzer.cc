// What a worker writes to its pipe: lines come out the same however the bytes arrive, and a message
// that is read is written and read again as the same.
#include <string>
#include <variant>
#include <vector>

#include "common/protocol/line_reader.h"
#include "common/protocol/message.h"
#include "tests/fuzz/fuzz.h"

namespace {

// Beyond it a message text may be cut when it is written: escapes make it longer than it came.
constexpr std::size_t kNeverCut = rota::kMaximumLineBytes / 8;

struct Read {
  std::vector<std::string> lines;
  bool overlong = false;
  std::string partial;
  bool operator==(const Read&) const = default;
};

Read read_in_pieces(std::string_view bytes, std::size_t piece, std::size_t longest_line) {
  rota::LineReader reader{longest_line};
  Read read;
  for (std::size_t from = 0; from < bytes.size(); from += piece) {
    reader.feed(bytes.substr(from, piece));
    while (auto line = reader.next()) read.lines.push_back(*std::move(line));
  }
  read.overlong = reader.overlong();
  read.partial = reader.take_partial_line();
  return read;
}

void require_same_after_writing(const std::string& line) {
  const auto decoded = rota::decode(line);
  const auto* message = std::get_if<rota::Message>(&decoded);
  if (!message) return;
  const auto written = rota::encode(*message);
  if (line.size() > kNeverCut) return;
  rota::require(written && written->size() <= rota::kMaximumLineBytes, "a message fits its line", line);
  const auto again = rota::decode(std::string_view{*written}.substr(0, written->size() - 1));
  const auto* same = std::get_if<rota::Message>(&again);
  rota::require(same && *same == *message, "decode(encode(x)) == x", line);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kShortLine = 100;
  const std::string_view bytes = rota::text_of(data, size);
  for (const std::size_t longest : {kShortLine, rota::kMaximumLineBytes}) {
    const Read whole = read_in_pieces(bytes, size + 1, longest);
    rota::require(whole == read_in_pieces(bytes, 1, longest), "lines do not depend on pieces", bytes);
    for (const std::string& line : whole.lines) {
      rota::require(line.size() < longest, "no line is longer than the maximum", bytes);
      require_same_after_writing(line);
    }
  }
  return 0;
}
