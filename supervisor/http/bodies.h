// The bodies of requests: what each may hold. Each reader gives what is in a body, or the
// answer that says what is wrong and where: 415, or 400. Pure.
#pragma once

#include <rota/job.h>

#include <optional>
#include <string>
#include <variant>

#include "supervisor/http/message.h"
#include "supervisor/store/run_store.h"

namespace rota {

// The parameters in {"parameters": {…}}: texts as they are, numbers, true and false as
// text (2.5 is "2.5"); of two with one name the last. An empty body has none.
std::variant<Parameters, HttpAnswer> read_parameters(const HttpRequest& request);

struct NamedScope {
  Pause::Scope scope = Pause::Scope::all;
  std::string name;  // empty for all
};

// Which jobs are meant: {"job": "NAME"}, {"group": "NAME"} or {"all": true}.
std::variant<NamedScope, HttpAnswer> read_scope(const HttpRequest& request);

// The answer to a body that is there where none, or an empty object, is expected.
std::optional<HttpAnswer> refuse_body(const HttpRequest& request);

}  // namespace rota
