#include "common/text/progress_text.h"

#include <doctest/doctest.h>

TEST_CASE("progress is a bar where there is a total") {
  CHECK(rota::progress_text(5, 10, "pages", 30) == "[###############...............] 50 % (5 of 10) pages");
  CHECK(rota::progress_text(5, std::nullopt, "", 30) == "5");
  CHECK(rota::progress_text(20, 10, "", 30).starts_with("[##############################] 100 %"));
}
