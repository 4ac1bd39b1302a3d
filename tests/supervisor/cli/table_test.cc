#include "supervisor/cli/table.h"

#include <doctest/doctest.h>

#include "supervisor/cli/printable.h"

using rota::Colour;
using rota::GiveWay;
using rota::Row;

namespace {

std::string table_text(const std::vector<Row>& rows, const rota::Terminal& terminal) {
  return rota::table_text(rows, {}, terminal);
}

const std::vector<Row> kRows{{{"ID"}, {"JOB"}, {"DETAIL"}},
                             {{"7"}, {"weekly"}, {"a text that is longer than the rest"}},
                             {{"12"}, {"x"}, {""}}};

}  // namespace

TEST_CASE("columns are as wide as their widest text and nothing is cut without a terminal") {
  CHECK(table_text(kRows, {}) ==
        "ID  JOB     DETAIL\n"
        "7   weekly  a text that is longer than the rest\n"
        "12  x\n");
}

TEST_CASE("on a terminal the last text is cut with an ellipsis") {
  CHECK(rota::table_text(kRows, {.texts = {1, 2}, .leave_out = {}}, {.width = 26}) ==
        "ID  JOB     DETAIL\n"
        "7   weekly  a text that i…\n"
        "12  x\n");
}

TEST_CASE("a terminal that is too narrow for that cuts the widest column") {
  const std::vector<Row> rows{{{"JOB"}, {"DETAIL"}},
                              {{"a_very_long_name_of_a_job"}, {"something went wrong"}}};
  CHECK(table_text(rows, {.width = 24}) ==
        "JOB          DETAIL\n"
        "a_very_lon…  something …\n");
}

TEST_CASE("an instant is left out rather than cut and no more is left out than must be") {
  const std::vector<Row> rows{
      {{"JOB"}, {"KIND"}, {"NEXT"}, {"SCHEDULE"}},
      {{"a_very_long_name"}, {"command"}, {"2026-03-01 02:20:00"}, {"every day at 02:20"}}};
  const GiveWay give_way{.texts = {0, 3}, .leave_out = {1, 2}};
  CHECK(rota::table_text(rows, give_way, {.width = 66}) ==
        "JOB               KIND     NEXT                 SCHEDULE\n"
        "a_very_long_name  command  2026-03-01 02:20:00  every day at 02:20\n");
  CHECK(rota::table_text(rows, give_way, {.width = 56}) ==
        "JOB           KIND     NEXT                 SCHEDULE\n"
        "a_very_long…  command  2026-03-01 02:20:00  every day a…\n");
  CHECK(rota::table_text(rows, give_way, {.width = 50}) ==
        "JOB            NEXT                 SCHEDULE\n"
        "a_very_long_…  2026-03-01 02:20:00  every day at …\n");
  CHECK(rota::table_text(rows, give_way, {.width = 40}) ==
        "JOB               SCHEDULE\n"
        "a_very_long_name  every day at 02:20\n");
  CHECK(rota::table_text(rows, give_way, {.width = 20}) ==
        "JOB        SCHEDULE\n"
        "a_very_l…  every da…\n");
}

TEST_CASE("widths are counted in code points") {
  const std::vector<Row> rows{{{"ünïcödé"}, {"x"}}, {{"seven77"}, {"y"}}};
  CHECK(table_text(rows, {}) == "ünïcödé  x\nseven77  y\n");
  CHECK(table_text({{{"ünïcödé ünïcödé"}}}, {.width = 12}) == "ünïcödé ünï…\n");
}

TEST_CASE("colours do not count as width") {
  const std::vector<Row> rows{{{"failed", Colour::red}, {"x"}}, {{"succeeded"}, {"y"}}};
  CHECK(table_text(rows, {.width = 80, .colour = true}) == "\033[31mfailed\033[0m     x\nsucceeded  y\n");
  CHECK(table_text(rows, {.width = 80, .colour = false}) == "failed     x\nsucceeded  y\n");
}

TEST_CASE("what a terminal would obey is replaced") {
  CHECK(table_text({{{"a\033[2Jb\nc\td\x7f"}}}, {}) == "a\uFFFD[2Jb c d\uFFFD\n");
  CHECK(rota::printable_text("a\xC2\x9B"
                             "31m\u202Eb\xFF\r\n") == "a\uFFFD31m\uFFFDb\uFFFD\uFFFD\n");
  CHECK(rota::printable_text("größe 中文 ✓") == "größe 中文 ✓");
}

TEST_CASE("a character that is cut at the end of a piece waits for the next") {
  CHECK(rota::complete_length("abc") == 3);
  CHECK(rota::complete_length("ab\xC3") == 2);
  CHECK(rota::complete_length("ab\xC3\xA9") == 4);
  CHECK(rota::complete_length("a\xF0\x9F\x98") == 1);
  CHECK(rota::complete_length("a\x80\x80\x80\x80\x80") == 6);
  CHECK(rota::complete_length("") == 0);
}
