// A command and limits as the members of a start message, and back. For message.cc.
#pragma once

#include <boost/json.hpp>

#include "common/command/command.h"

namespace rota {

boost::json::object to_json(const Command& command);
boost::json::object to_json(const CommandLimits& limits);

// Both throw std::invalid_argument that names the member which is missing or wrong.
Command command_of(const boost::json::object& object);
CommandLimits limits_of(const boost::json::object& object);

}  // namespace rota
