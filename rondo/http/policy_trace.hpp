#pragma once
// How policies tell the trace of a request what they do.

#include <string_view>

#include "rondo/http/request.hpp"
#include "rondo/http/request_trace.hpp"

namespace rondo::http {

/// Calls `RequestTrace::on_policy`, if `request` has a trace; `event()` gives the text, and is
/// called only then.
template <class Event>
void tell_policy(const Request& request, std::string_view policy, Event&& event) {
  if (request.trace != nullptr) request.trace->on_policy(policy, event());
}

}  // namespace rondo::http
