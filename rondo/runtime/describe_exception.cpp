// The class is worth more than half of the message when the message is "stod".

#include "rondo/runtime/describe_exception.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
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

}  // namespace

std::string describe(const std::exception_ptr& error) {
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return demangled(typeid(exception).name()) + ": " + exception.what();
  } catch (const Cancelled&) {
    return "cancelled";
  } catch (...) {
    const std::type_info* type = abi::__cxa_current_exception_type();
    return type != nullptr ? demangled(type->name()) : "unknown exception";
  }
}

}  // namespace rondo::detail
