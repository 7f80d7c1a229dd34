// One check serves everybody who only wants a bool.

#include "rondo/http/raise_for_status.hpp"

#include "rondo/http/response.hpp"

namespace rondo::http {
namespace {

Task<> raise(Response& response) {
  response.raise_for_status();
  co_return;
}

std::shared_ptr<const StatusCheck> standard_check() {
  static const auto kCheck = std::make_shared<const StatusCheck>(raise);
  return kCheck;
}

}  // namespace

RaiseForStatus::RaiseForStatus(bool raises) : check_(raises ? standard_check() : nullptr) {}

std::shared_ptr<const StatusCheck> RaiseForStatusOption::over(
    const std::shared_ptr<const StatusCheck>& defaults) const {
  switch (kind_) {
    case Kind::session:
      return defaults;
    case Kind::yes:
      return standard_check();
    case Kind::no:
      return nullptr;
    case Kind::own:
      return own_->check();
  }
  return nullptr;
}

}  // namespace rondo::http
