#include "common/mail/mail.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace {

rota::Mail mail() {
  rota::Mail mail;
  mail.from = "rota@example.org";
  mail.to = {"one@example.org", "two@example.org"};
  mail.subject = "plain subject";
  mail.text = "the text\n";
  mail.html = "<p>the text</p>";
  mail.message_id = "id@example.org";
  mail.date = std::chrono::sys_seconds{std::chrono::seconds{1'795'517'999}};
  return mail;
}

bool has(const std::string& message, const std::string& text) {
  return message.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a message has its header and both bodies") {
  const std::string message = rota::to_message(mail());
  CHECK(has(message, "From: rota@example.org\r\n"));
  CHECK(has(message, "To: one@example.org, two@example.org\r\n"));
  CHECK(has(message, "Subject: plain subject\r\n"));
  CHECK(has(message, "Date: Tue, 24 Nov 2026 10:59:59 +0000\r\n"));
  CHECK(has(message, "Message-ID: <id@example.org>\r\n"));
  CHECK_FALSE(has(message, "Reply-To"));
  CHECK(has(message, "dGhlIHRleHQK\r\n"));
  CHECK(message.find("text/plain") < message.find("text/html"));
}

TEST_CASE("no value can add a header") {
  rota::Mail hostile = mail();
  hostile.subject = "x\r\nBcc: y@example.org";
  hostile.reply_to = "a@example.org\nBcc: z@example.org";
  CHECK_FALSE(has(rota::to_message(hostile), "\nBcc"));
}

TEST_CASE("lines are short enough for every server and a subject of other letters is encoded") {
  rota::Mail other = mail();
  for (int i = 0; i < 30; ++i) other.subject += " \xc3\xa9t\xc3\xa9";
  other.text = std::string(5000, 'x');
  const std::string message = rota::to_message(other);
  CHECK(has(message, "Subject: =?UTF-8?B?"));
  CHECK_FALSE(has(message, "\xc3"));
  std::size_t longest = 0;
  for (std::size_t begin = 0; begin < message.size();) {
    const std::size_t end = message.find("\r\n", begin);
    longest = std::max(longest, end - begin);
    begin = end + 2;
  }
  CHECK(longest <= 100);
}

TEST_CASE("html is escaped") {
  CHECK(rota::escape_html("<a href=\"x\">&") == "&lt;a href=&quot;x&quot;&gt;&amp;");
}
