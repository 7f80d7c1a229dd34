// The class is worth more than half of the message when the message is "stod".

#include "rondo/runtime/describe_exception.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>
#include <typeinfo>

#include "rondo/runtime/cancelled.hpp"

namespace rondo::detail {
namespace {

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return status == 0 ? text.get() : name;
}

/// The class that was thrown: `std::throw_with_nested` throws one of the standard library's own
/// that derives from it.
std::string class_of(const std::exception& exception) {
  constexpr std::string_view kNested = "std::_Nested_exception<";
  std::string name = demangled(typeid(exception).name());
  if (!name.starts_with(kNested)) return name;
  return name.substr(kNested.size(), name.size() - kNested.size() - 1);
}

}  // namespace

std::string describe(const std::exception_ptr& error) {
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return class_of(exception) + ": " + exception.what();
  } catch (const Cancelled&) {
    return "cancelled";
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type != nullptr ? demangled(type->name()) : "unknown exception";
  }
}

}  // namespace rondo::detail
