// Members of the supervisor's answers, which may be null or, with a supervisor of another
// version, not there at all. Pure; any thread.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rota {

// The object that a body holds. Throws std::runtime_error if it holds none.
boost::json::object parse_object(std::string_view body);

// A text as it is, a number or a boolean as its text; empty if it is null or not there.
std::string text_member(const boost::json::object& object, std::string_view name);
std::optional<std::int64_t> number_member(const boost::json::object& object, std::string_view name);
// Nullptr if there is no such object; it is a part of `object`.
const boost::json::object* object_member(const boost::json::object& object, std::string_view name);
// The objects of an array; what is no object is left out.
std::vector<boost::json::object> objects_member(const boost::json::object& object, std::string_view name);
// For people: texts as they are, the elements of a list with a comma between, others as JSON.
std::string any_text(const boost::json::value& value);

}  // namespace rota
