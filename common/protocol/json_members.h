// Reads the members of a JSON object, for the messages of this folder. A member that is
// missing or of another kind throws std::invalid_argument, whose text names it and
// what was expected. Where a fallback is given, a member that is missing or null is that.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

[[noreturn]] void wrong_kind(std::string_view name, std::string_view expected);

// Null where the member is missing or null.
const boost::json::value* find_member(const boost::json::object& object, std::string_view name);

std::int64_t integer(const boost::json::object& object, std::string_view name);
std::int64_t integer(const boost::json::object& object, std::string_view name, std::int64_t fallback);
std::optional<std::int64_t> optional_integer(const boost::json::object& object, std::string_view name);
std::optional<std::uint64_t> optional_natural(const boost::json::object& object, std::string_view name);
// From 0 to 1000000.
int small_integer(const boost::json::object& object, std::string_view name);

std::string text(const boost::json::object& object, std::string_view name);
std::string text(const boost::json::object& object, std::string_view name, std::string_view fallback);

bool boolean(const boost::json::object& object, std::string_view name, bool fallback);

const boost::json::object& object_member(const boost::json::object& object, std::string_view name);
std::map<std::string, std::string, std::less<>> text_map(const boost::json::object& object,
                                                         std::string_view name);
std::vector<std::string> text_list(const boost::json::object& object, std::string_view name);
std::vector<int> integer_list(const boost::json::object& object, std::string_view name);

}  // namespace rota
