// A command as the member `command` of a start message, and back. For message.cc.
#pragma once

#include <boost/json.hpp>

#include "common/command/command.h"

namespace rota {

boost::json::object to_json(const Command& command);

// Throws std::invalid_argument that names the member which is missing or wrong.
Command command_of(const boost::json::object& object);

}  // namespace rota
