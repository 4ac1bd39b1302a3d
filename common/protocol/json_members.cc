#include "common/protocol/json_members.h"

#include <limits>
#include <stdexcept>

namespace rota {

namespace json = boost::json;

namespace {

const json::value& member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (!value) throw std::invalid_argument("member \"" + std::string{name} + "\" is missing");
  return *value;
}

const json::array& array_member(const json::object& object, std::string_view name,
                                std::string_view expected) {
  const json::value& value = member(object, name);
  if (!value.is_array()) wrong_kind(name, expected);
  return value.get_array();
}

}  // namespace

void wrong_kind(std::string_view name, std::string_view expected) {
  throw std::invalid_argument("member \"" + std::string{name} + "\" must be " + std::string{expected});
}

const json::value* find_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value && !value->is_null() ? value : nullptr;
}

std::int64_t integer(const json::object& object, std::string_view name) {
  const json::value& value = member(object, name);
  if (!value.is_int64()) wrong_kind(name, "an integer");
  return value.get_int64();
}

std::int64_t integer(const json::object& object, std::string_view name, std::int64_t fallback) {
  return find_member(object, name) ? integer(object, name) : fallback;
}

std::optional<std::int64_t> optional_integer(const json::object& object, std::string_view name) {
  if (!find_member(object, name)) return std::nullopt;
  return integer(object, name);
}

std::optional<std::uint64_t> optional_natural(const json::object& object, std::string_view name) {
  const json::value* value = find_member(object, name);
  if (!value) return std::nullopt;
  if (value->is_uint64()) return value->get_uint64();
  if (!value->is_int64() || value->get_int64() < 0) wrong_kind(name, "an integer that is not negative");
  return static_cast<std::uint64_t>(value->get_int64());
}

int small_integer(const json::object& object, std::string_view name) {
  const std::int64_t value = integer(object, name);
  if (value < 0 || value > 1'000'000) wrong_kind(name, "a number from 0 to 1000000");
  return static_cast<int>(value);
}

std::string text(const json::object& object, std::string_view name) {
  const json::value& value = member(object, name);
  if (!value.is_string()) wrong_kind(name, "a string");
  return std::string{value.get_string()};
}

std::string text(const json::object& object, std::string_view name, std::string_view fallback) {
  return find_member(object, name) ? text(object, name) : std::string{fallback};
}

bool boolean(const json::object& object, std::string_view name, bool fallback) {
  const json::value* value = find_member(object, name);
  if (!value) return fallback;
  if (!value->is_bool()) wrong_kind(name, "true or false");
  return value->get_bool();
}

const json::object& object_member(const json::object& object, std::string_view name) {
  const json::value& value = member(object, name);
  if (!value.is_object()) wrong_kind(name, "an object");
  return value.get_object();
}

std::map<std::string, std::string, std::less<>> text_map(const json::object& object, std::string_view name) {
  std::map<std::string, std::string, std::less<>> map;
  for (const auto& [key, value] : object_member(object, name)) {
    if (!value.is_string()) wrong_kind(name, "an object of strings");
    map.emplace(key, std::string{value.get_string()});
  }
  return map;
}

std::vector<std::string> text_list(const json::object& object, std::string_view name) {
  std::vector<std::string> list;
  for (const json::value& value : array_member(object, name, "a list of strings")) {
    if (!value.is_string()) wrong_kind(name, "a list of strings");
    list.emplace_back(value.get_string());
  }
  return list;
}

std::vector<int> integer_list(const json::object& object, std::string_view name) {
  std::vector<int> list;
  for (const json::value& value : array_member(object, name, "a list of integers")) {
    if (!value.is_int64() || value.get_int64() < std::numeric_limits<int>::min() ||
        value.get_int64() > std::numeric_limits<int>::max())
      wrong_kind(name, "a list of integers");
    list.push_back(static_cast<int>(value.get_int64()));
  }
  return list;
}

}  // namespace rota
