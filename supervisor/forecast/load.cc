#include "supervisor/forecast/load.h"

#include <algorithm>

namespace rota {

LoadMeter::LoadMeter(Instant from, Instant to) : reached_{from}, to_{to} {
  const auto since_epoch = from.time_since_epoch();
  for (Instant begin = from - since_epoch % kLoadSlot; begin < to; begin += kLoadSlot) {
    LoadSlot slot;
    slot.begin = begin;
    slots_.push_back(slot);
  }
}

void LoadMeter::running(Instant now, RunKind kind, int more) {
  advance(now);
  now_of(kind).running += more;
  note_most();
}

void LoadMeter::waiting(Instant now, RunKind kind, int more) {
  advance(now);
  now_of(kind).waiting += more;
  note_most();
}

std::vector<LoadSlot> LoadMeter::finish() {
  advance(to_);
  return std::move(slots_);
}

void LoadMeter::advance(Instant now) {
  now = std::min(now, to_);
  while (reached_ < now) {
    LoadSlot& slot = slots_[slot_];
    const Instant end = slot.begin + kLoadSlot;
    const Instant until = std::min(now, end);
    slot.threads.busy += threads_.running * (until - reached_);
    slot.processes.busy += processes_.running * (until - reached_);
    reached_ = until;
    if (until < end) return;
    if (slot_ + 1 == slots_.size()) return;
    ++slot_;
    note_most();
  }
}

void LoadMeter::note_most() {
  if (reached_ >= to_) return;
  LoadSlot& slot = slots_[slot_];
  for (const RunKind kind : {RunKind::thread, RunKind::process}) {
    slot.of(kind).most_at_once = std::max(slot.of(kind).most_at_once, now_of(kind).running);
    slot.of(kind).most_waiting = std::max(slot.of(kind).most_waiting, now_of(kind).waiting);
  }
}

}  // namespace rota
