#include "worker/process_title.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

namespace rota {

VisibleText::VisibleText(char* begin, const char* last)
    : begin_{begin}, size_{static_cast<std::size_t>(last - begin) + std::strlen(last)} {}

void VisibleText::replace(std::string_view text) {
  const std::size_t used = std::min(text.size(), size_);
  std::copy_n(text.data(), used, begin_);
  std::fill_n(begin_ + used, size_ - used, '\0');
}

VisibleText visible_variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread yet
  char* const value = std::getenv(name);
  if (!value) throw std::runtime_error{std::string{"expected room in the environment for "} + name};
  return {value, value};
}

}  // namespace rota
