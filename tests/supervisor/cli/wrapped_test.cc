#include "supervisor/cli/wrapped.h"

#include <doctest/doctest.h>

using rota::wrapped;

TEST_CASE("lines that fit and a text for no terminal stay as they are") {
  const char* const text = "Forecast\n\n  a  b\n      twelve characters";
  CHECK(wrapped(text, 25) == text);
  CHECK(wrapped("  a line of more than twenty characters\n", std::nullopt) ==
        "  a line of more than twenty characters\n");
  CHECK(wrapped("", 30).empty());
}

TEST_CASE("a row is broken between its columns and a sentence between its words") {
  CHECK(wrapped("  backup  every day at 02:30  waits 3 min\nend\n", 30) ==
        "  backup  every day at 02:30\n      waits 3 min\nend\n");
  CHECK(wrapped("  Waiting  one sentence that goes on and on", 30) ==
        "  Waiting  one sentence that\n      goes on and on");
  CHECK(wrapped("  a_name_of_a_job_without_any_blank  x", 24) ==
        "  a_name_of_a_job_withou\n      t_any_blank  x");
}

TEST_CASE("characters are counted and not bytes") {
  CHECK(wrapped("ööööö ööööö ööööö ööööö", 23) == "ööööö ööööö ööööö ööööö");
  CHECK(wrapped("ööööö ööööö ööööö ööööö", 22) == "ööööö ööööö ööööö\n      ööööö");
}
