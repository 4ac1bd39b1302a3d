#include "supervisor/cli/json_fields.h"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace rota {

namespace json = boost::json;

json::object parse_object(std::string_view body) {
  boost::system::error_code failed;
  json::value value = json::parse({body.data(), body.size()}, failed);
  if (failed || !value.is_object())
    throw std::runtime_error{"the answer is not what a supervisor answers; check --url or --socket"};
  return std::move(value.as_object());
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value ? any_text(*value) : std::string{};
}

std::optional<std::int64_t> number_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  if (!value || !value->is_int64()) return std::nullopt;
  return value->as_int64();
}

const json::object* object_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains({name.data(), name.size()});
  return value ? value->if_object() : nullptr;
}

std::vector<json::object> objects_member(const json::object& object, std::string_view name) {
  std::vector<json::object> objects;
  const json::value* value = object.if_contains({name.data(), name.size()});
  if (!value || !value->is_array()) return objects;
  for (const json::value& element : value->as_array())
    if (element.is_object()) objects.push_back(element.as_object());
  return objects;
}

std::string any_text(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string{value.as_string()};
  // 900.0 is written as 900 by people; beyond 2^53 a double is no exact number of anything.
  constexpr double kExact = 9007199254740992.0;
  if (const double* number = value.if_double()) {
    if (std::abs(*number) < kExact && std::trunc(*number) == *number)
      return std::to_string(static_cast<std::int64_t>(*number));
    std::array<char, 32> text{};
    const int length = std::snprintf(text.data(), text.size(), "%g", *number);
    return {text.data(), static_cast<std::size_t>(length)};
  }
  if (!value.is_array()) return json::serialize(value);
  std::string text;
  for (const json::value& element : value.as_array()) text += (text.empty() ? "" : ", ") + any_text(element);
  return text;
}

}  // namespace rota
