#include "common/mail/mail.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace rota {
namespace {

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::string base64_lines(std::string_view bytes) {
  constexpr std::size_t kBytesALine = 57;  // 76 characters, the longest that RFC 2045 allows
  std::string lines;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), kBytesALine)))
    lines += base64(bytes.substr(0, kBytesALine)) + "\r\n";
  return lines;
}

std::string one_line(std::string_view value) {
  std::string line{value};
  std::replace_if(
      line.begin(), line.end(),
      [](char letter) { return static_cast<unsigned char>(letter) < 32 || letter == 127; }, ' ');
  return line;
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

// RFC 2047: encoded words of at most 75 characters, each with whole characters.
std::string header_text(std::string_view value) {
  constexpr std::size_t kBytesAWord = 42;
  std::string line = one_line(value);
  const bool plain = std::all_of(line.begin(), line.end(),
                                 [](char letter) { return static_cast<unsigned char>(letter) < 127; });
  if (plain && line.size() <= 200 && line.find("=?") == std::string::npos) return line;
  std::string words;
  for (std::string_view rest = line; !rest.empty();) {
    std::size_t size = std::min(rest.size(), kBytesAWord);
    while (size < rest.size() && size > 1 && continues_character(rest[size])) --size;
    words += (words.empty() ? "" : "\r\n ") + ("=?UTF-8?B?" + base64(rest.substr(0, size)) + "?=");
    rest.remove_prefix(size);
  }
  return words;
}

std::string date_text(std::chrono::sys_seconds date) {
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(date);
  const std::chrono::year_month_day civil{day};
  const std::chrono::hh_mm_ss time{date - day};
  std::array<char, 64> text{};
  const int size =
      std::snprintf(text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d +0000",
                    kDays.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(civil.day()),
                    kMonths.at(static_cast<unsigned>(civil.month()) - 1), static_cast<int>(civil.year()),
                    static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                    static_cast<int>(time.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string part(const std::string& boundary, const char* type, std::string_view body) {
  return "--" + boundary + "\r\nContent-Type: " + type +
         "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64_lines(body);
}

}  // namespace

std::string to_message(const Mail& mail) {
  // No line of base64 begins with it, so it needs no chance.
  const std::string boundary = "=_rota_alternative";
  std::string recipients;
  for (const std::string& address : mail.to)
    recipients += (recipients.empty() ? "" : ", ") + one_line(address);
  std::string message = "From: " + one_line(mail.from) + "\r\nTo: " + recipients + "\r\n";
  if (!mail.reply_to.empty()) message += "Reply-To: " + one_line(mail.reply_to) + "\r\n";
  message += "Subject: " + header_text(mail.subject) + "\r\nDate: " + date_text(mail.date) +
             "\r\nMessage-ID: <" + one_line(mail.message_id) +
             ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n" +
             "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  return message + part(boundary, "text/plain", mail.text) + part(boundary, "text/html", mail.html) + "--" +
         boundary + "--\r\n";
}

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char letter : text) switch (letter) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += letter;
    }
  return escaped;
}

}  // namespace rota
