// The environment of a command. Pure.
#pragma once

#include <string>
#include <vector>

#include "common/protocol/message.h"
#include "worker/command_user.h"

namespace rota {

// What the worker itself was given and hands on.
struct InheritedEnvironment {
  std::string language;   // LANG; empty: not set
  std::string run_token;  // ROTA_RUN_TOKEN
};

// "NAME=value" entries, each name once: PATH, LANG, the user's HOME, USER, LOGNAME and SHELL,
// the run's ROTA_ variables, and over them `environment` of the command, but for
// ROTA_RUN_ID, ROTA_RUN_TOKEN and ROTA_EVENTS_FD, without which the supervisor would neither find
// nor hear the run. A parameter is ROTA_PARAM_NAME, in upper case and with _ for what is not a
// letter or digit; of two that become the same name the later in the alphabet counts.
// `start.command` is there. Throws StartError for what no environment can hold: a zero
// byte, a name that is empty or has a =.
std::vector<std::string> environment_of(const StartMessage& start, const CommandUser& user,
                                        const InheritedEnvironment& inherited, int events_descriptor);

}  // namespace rota
