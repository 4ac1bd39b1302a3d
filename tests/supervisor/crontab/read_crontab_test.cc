#include "supervisor/crontab/read_crontab.h"

#include <doctest/doctest.h>

namespace {

using rota::Crontab;
using rota::CrontabEntry;
using rota::CrontabForm;
using rota::read_crontab;

CrontabEntry only_entry(std::string_view text, CrontabForm form = CrontabForm::user) {
  const Crontab crontab = read_crontab(text, form);
  CAPTURE(text);
  REQUIRE(crontab.problems.empty());
  REQUIRE(crontab.entries.size() == 1);
  return crontab.entries.front();
}

}  // namespace

TEST_CASE("an entry is five fields or a name and then all that follows") {
  const struct {
    std::string line;
    const char* schedule;
    const char* command;
  } kRows[] = {
      {"20 2 * * 1-5 /bin/true", "20 2 * * 1-5", "/bin/true"},
      {"  \t20\t2  *\t* mon-fri \t run  it  twice", "20 2 * * mon-fri", "run  it  twice"},
      {"@daily tidy up", "@daily", "tidy up"},
      {"@hourly a=b", "@hourly", "a=b"},
      {"* * * * * A=1 B=2 run", "* * * * *", "A=1 B=2 run"},
      {"* * * * * run # no comment", "* * * * *", "run # no comment"},
      {"-*/5 * * * * quiet", "*/5 * * * *", "quiet"},
  };
  for (const auto& row : kRows) {
    const CrontabEntry entry = only_entry(row.line);
    CHECK(rota::schedule_text(entry) == row.schedule);
    CHECK(entry.command == row.command);
    CHECK(entry.unlogged == (row.line[0] == '-'));
    CHECK(entry.user.empty());
  }
}

TEST_CASE("the system form has a user before the command") {
  for (const char* line : {"5 4 * * 1 www-data run it", "@weekly\twww-data\trun it"}) {
    const CrontabEntry entry = only_entry(line, CrontabForm::system);
    CHECK(entry.user == "www-data");
    CHECK(entry.command == "run it");
  }
}

TEST_CASE("a bare percent sign ends the command and ends lines of the input") {
  const struct {
    const char* written;
    const char* command;
    const char* input;
  } kRows[] = {
      {R"(mail a%Hello,%%you%)", "mail a", "Hello,\n\nyou\n"},
      {R"(cat%one)", "cat", "one\n"},
      {R"(date +\%Y-\%m)", "date +%Y-%m", ""},
      {R"(cat%100\%%done)", "cat", "100%\ndone\n"},
      {R"(echo \\%in)", R"(echo \\)", "in\n"},
      {R"(echo a\tb \\ c)", R"(echo a\tb \\ c)", ""},
      {R"(cat%a\b)", "cat", "a\\b\n"},
      {R"(cat%)", "cat", ""},
  };
  for (const auto& row : kRows) {
    const CrontabEntry entry = only_entry(std::string{"* * * * * "} + row.written);
    CHECK(entry.command == row.command);
    CHECK(entry.standard_input == row.input);
  }
}

TEST_CASE("a variable holds for the entries after it") {
  const Crontab crontab = read_crontab("A=1\n@daily one\nA=2\n@daily two\n", CrontabForm::user);
  REQUIRE(crontab.entries.size() == 2);
  CHECK(crontab.entries[0].variables.at("A") == "1");
  CHECK(crontab.entries[1].variables.at("A") == "2");
  CHECK(crontab.variables.size() == 2);
}

TEST_CASE("values are read with their quotes and blanks as cron reads them") {
  const struct {
    std::string line;
    const char* name;
    const char* value;
  } kRows[] = {
      {"A=1", "A", "1"},           {"  A = b c  ", "A", "b c"},
      {"A=\" b \"", "A", " b "},   {"A = 'it is \"so\"' ", "A", "it is \"so\""},
      {"\"A\"=1", "A", "1"},       {"A=", "A", ""},
      {"A=\"\"", "A", ""},         {"A=b # c", "A", "b # c"},
      {"A=$B/bin", "A", "$B/bin"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.line);
    const Crontab crontab = read_crontab(row.line, CrontabForm::user);
    REQUIRE(crontab.variables.size() == 1);
    CHECK(crontab.variables[0].name == row.name);
    CHECK(crontab.variables[0].value == row.value);
  }
}

TEST_CASE("only the comment directly above an entry belongs to it") {
  const Crontab crontab = read_crontab(
      "# far\n\n#near\n#  and indented\n@daily one\n@daily two\n# x\nA=1\n@daily three", CrontabForm::user);
  REQUIRE(crontab.entries.size() == 3);
  CHECK(crontab.entries[0].comment == std::vector<std::string>{"near", " and indented"});
  CHECK(crontab.entries[0].line == 5);
  CHECK(crontab.entries[1].comment.empty());
  CHECK(crontab.entries[2].comment.empty());
}

TEST_CASE("what cannot be the name of a user is a problem with its place") {
  const auto crontab = read_crontab("0 3 * * *  www-data:www-data run it\n", CrontabForm::system);
  CHECK(crontab.entries.empty());
  REQUIRE(crontab.problems.size() == 1);
  CHECK(crontab.problems[0].column == 12);
  CHECK(crontab.problems[0].message.find("www-data:www-data") != std::string::npos);
}

TEST_CASE("what is neither variable nor entry is a problem with its place") {
  const struct {
    std::string line;
    CrontabForm form;
    int column;
    const char* message;
  } kRows[] = {
      {"* * * *", CrontabForm::user, 8, "five fields"},
      {"* * * * *", CrontabForm::user, 10, "command"},
      {"@daily  ", CrontabForm::user, 9, "command"},
      {"* * * * * root", CrontabForm::system, 15, "command"},
      {"@daily", CrontabForm::system, 7, "user"},
      {"A=\"b", CrontabForm::user, 5, "NAME = value"},
      {"* * * * * %in", CrontabForm::user, 11, "command"},
      {"* * * * * caf\xe9", CrontabForm::user, 1, "UTF-8"},
      {"A=caf\xe9", CrontabForm::user, 1, "UTF-8"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.line);
    const Crontab crontab = read_crontab("\n" + row.line + "\n", row.form);
    CHECK(crontab.entries.empty());
    REQUIRE(crontab.problems.size() == 1);
    CHECK(crontab.problems[0].line == 2);
    CHECK(crontab.problems[0].column == row.column);
    CHECK(crontab.problems[0].message.find(row.message) != std::string::npos);
  }
}
