// A place in a schedule's text, for the parsers: reads words and numbers, and
// says by position what it found instead.
#pragma once

#include <rota/schedule.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace rota {

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_{text} { skip_space(); }

  bool at_end() const { return position_ == text_.size(); }
  std::size_t position() const { return position_; }
  std::string_view text() const { return text_; }

  // The next run of characters up to white space; empty at the end.
  std::string_view peek() const;

  // Takes the next word and the space after it.
  std::string_view take();

  // Takes the next word if it is `word`, whatever its case.
  bool take_if(std::string_view word);

  // Throws ScheduleError: what stands at the cursor and what should.
  [[noreturn]] void fail(std::string_view expected) const { fail_at(position_, peek(), expected); }
  [[noreturn]] void fail_at(std::size_t position, std::string_view found, std::string_view expected) const;

 private:
  void skip_space();

  std::string_view text_;
  std::size_t position_ = 0;
};

bool equal_ignoring_case(std::string_view left, std::string_view right);

// The number that the whole text spells in decimal digits, at most nine of
// them; -1 if it is none.
std::int32_t number_of(std::string_view digits);

}  // namespace rota
