// One failure reads as a sentence of its own; several are a list.

#include "rondo/net/connect_error.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

namespace rondo::net {
namespace {

std::string join(const std::vector<ConnectFailure>& failures, const char* separator) {
  std::string text;
  for (const ConnectFailure& failure : failures) {
    if (!text.empty()) text += separator;
    text += fmt::format("{}: {}", failure.address.to_string(), failure.reason);
  }
  return text;
}

std::string summary(const std::vector<ConnectFailure>& failures) {
  if (failures.empty()) return "cannot connect: there is no address to connect to";
  if (failures.size() == 1) return "cannot connect to " + join(failures, "");
  return fmt::format("cannot connect to any of {} addresses: {}", failures.size(),
                     join(failures, "; "));
}

std::string reason_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const OsError& failure) {
    return std::generic_category().message(failure.code());
  } catch (const std::exception& failure) {
    return failure.what();
  } catch (...) {
    return "unknown error";
  }
}

}  // namespace

ConnectError::ConnectError(std::vector<ConnectFailure> failures)
    : Error(summary(failures), join(failures, "\n")), failures_(std::move(failures)) {}

ConnectFailure describe_failure(const SocketAddress& address, std::exception_ptr error) {
  std::string reason = reason_of(error);
  return {address, std::move(error), std::move(reason)};
}

}  // namespace rondo::net
