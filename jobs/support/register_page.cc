#include "jobs/support/register_page.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include <charconv>
#include <functional>
#include <memory>
#include <mutex>

namespace rota::jobs {
namespace {

using Document = std::unique_ptr<xmlDoc, void (*)(xmlDoc*)>;
using Context = std::unique_ptr<xmlXPathContext, void (*)(xmlXPathContext*)>;
using Result = std::unique_ptr<xmlXPathObject, void (*)(xmlXPathObject*)>;
using Text = std::unique_ptr<xmlChar, void (*)(void*)>;

std::string trimmed(const xmlChar* text) {
  std::string result;
  bool space = false;
  for (const auto* letter = reinterpret_cast<const char*>(text); letter && *letter != '\0'; ++letter) {
    if (*letter == ' ' || *letter == '\n' || *letter == '\t' || *letter == '\r') {
      space = !result.empty();
      continue;
    }
    if (space) result += ' ';
    space = false;
    result += *letter;
  }
  return result;
}

// An XPath step to elements of a CSS class.
std::string of_class(const std::string& name) {
  return ".//*[contains(concat(' ', normalize-space(@class), ' '), ' " + name + " ')]";
}

// Asks with paths that begin at one element.
class Query {
 public:
  Query(xmlXPathContext* context, xmlNode* start) : context_{context}, start_{start} {}

  void each(const std::string& path, const std::function<void(xmlNode*)>& take) const {
    context_->node = start_;
    const Result found{xmlXPathEvalExpression(reinterpret_cast<const xmlChar*>(path.c_str()), context_),
                       xmlXPathFreeObject};
    if (!found || !found->nodesetval) return;
    for (int i = 0; i < found->nodesetval->nodeNr; ++i) take(found->nodesetval->nodeTab[i]);
  }

  // The text of the first that is found; empty for none.
  std::string text(const std::string& path) const {
    std::string first;
    bool found = false;
    each(path, [&](xmlNode* node) {
      if (found) return;
      found = true;
      first = content(node);
    });
    return first;
  }

  static std::string content(xmlNode* node) {
    const Text text{xmlNodeGetContent(node), xmlFree};
    return trimmed(text.get());
  }

 private:
  xmlXPathContext* context_;
  xmlNode* start_;
};

// "Showing 10 of 1 234 results": the number after the word "of", whatever stands between its digits.
std::optional<int> results_of(const std::string& text) {
  const auto of = text.find("of ");
  if (of == std::string::npos) return std::nullopt;
  std::string digits;
  for (const char letter : text.substr(of + 3)) {
    if ((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')) break;
    if (letter >= '0' && letter <= '9') digits += letter;
  }
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc{} && !digits.empty() ? std::optional{number} : std::nullopt;
}

RegisteredMeeting meeting_of(xmlXPathContext* context, xmlNode* block) {
  const Query query{context, block};
  RegisteredMeeting meeting;
  meeting.title = query.text(of_class("erpl_document-title") +
                             "//*[contains(concat(' ', normalize-space(@class), ' '), ' t-item ')]");
  meeting.member = query.text(of_class("erpl_document-subtitle-member"));
  meeting.starts_at = query.text(".//time/@datetime");
  meeting.location = query.text(of_class("erpl_document-subtitle-location"));
  meeting.capacity = query.text(of_class("erpl_document-subtitle-capacity"));
  meeting.reference = query.text(of_class("erpl_document-subtitle-reference"));
  meeting.badge = query.text(of_class("erpl_badge"));
  meeting.badge_title = query.text(of_class("erpl_badge") + "/@title");
  query.each(of_class("erpl_document-subtitle-author"), [&](xmlNode* author) {
    const Text url{xmlGetProp(author, reinterpret_cast<const xmlChar*>("href")), xmlFree};
    std::string link = trimmed(url.get());
    if (link.empty()) link = Query{context, author}.text(".//a/@href");
    if (std::string name = Query::content(author); !name.empty())
      meeting.attendees.push_back({std::move(name), std::move(link)});
  });
  return meeting;
}

}  // namespace

RegisterPage read_register_page(std::string_view html) {
  static std::once_flag initialised;
  std::call_once(initialised, xmlInitParser);
  RegisterPage page;
  const Document document{
      htmlReadMemory(html.data(), static_cast<int>(html.size()), nullptr, "utf-8",
                     HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET),
      xmlFreeDoc};
  if (!document) return page;
  const Context context{xmlXPathNewContext(document.get()), xmlXPathFreeContext};
  const Query whole{context.get(), xmlDocGetRootElement(document.get())};
  page.results = results_of(whole.text("//*[@id='meetingSearchResultCounterText']"));
  whole.each(of_class("erpl_document"), [&](xmlNode* block) {
    RegisteredMeeting meeting = meeting_of(context.get(), block);
    if (meeting.title.empty() || meeting.starts_at.size() < 10)
      ++page.unreadable;
    else
      page.meetings.push_back(std::move(meeting));
  });
  return page;
}

}  // namespace rota::jobs
