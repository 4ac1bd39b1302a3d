#include "supervisor/http/answer.h"

#include <boost/beast/http/status.hpp>
#include <boost/json.hpp>

#include "common/protocol/utf8.h"

namespace rota {

HttpAnswer problem(unsigned status, const std::string& detail) {
  const std::string title{boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status))};
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = "application/problem+json";
  answer.body =
      boost::json::serialize(boost::json::object{
          {"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", to_valid_utf8(detail)}}) +
      "\n";
  return answer;
}

HttpAnswer challenge(unsigned status, const std::string& error, const std::string& detail) {
  HttpAnswer answer = problem(status, detail);
  answer.headers.emplace_back("WWW-Authenticate", error.empty()
                                                      ? "Bearer realm=\"rota\""
                                                      : "Bearer realm=\"rota\", error=\"" + error +
                                                            "\", error_description=\"" + detail + "\"");
  return answer;
}

}  // namespace rota
