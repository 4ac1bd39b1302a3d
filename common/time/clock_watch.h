// Whether the clock was set back, by the instants that whoever keeps this is given one after the other. Pure.
#pragma once

#include <utility>

#include "common/time/instant.h"

namespace rota {

class ClockWatch {
 public:
  // With Instant::max() the first look counts as one after a clock that was ahead.
  explicit ClockWatch(Instant last = Instant::min()) : last_{last} {}

  // True if `now` lies before the instant of the call before.
  bool was_set_back(Instant now) { return std::exchange(last_, now) > now; }

 private:
  Instant last_;
};

}  // namespace rota
