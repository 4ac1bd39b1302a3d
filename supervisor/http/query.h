// The query of a request's target: its members, checked. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "supervisor/http/message.h"
#include "supervisor/store/run_store.h"

namespace rota {

struct QueryMember {
  std::string key;
  std::string value;
};
using Query = std::vector<QueryMember>;

// The members of `text`, percent-decoded; or 400 for one that is no UTF-8, is not in `known`
// or comes twice.
std::variant<Query, HttpAnswer> read_query(std::string_view text, const std::vector<std::string>& known);

// From job, state, since, before and limit; or 400 for a value that is none.
std::variant<RunQuery, HttpAnswer> read_run_query(const Query& query);

// From offset, which is 0 if it is not there; or 400.
std::variant<std::uint64_t, HttpAnswer> read_offset(const Query& query);

}  // namespace rota
