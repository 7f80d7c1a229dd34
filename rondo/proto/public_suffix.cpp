// libpsl with its built-in list. Where libpsl was built without one, only the rule that every list
// ends with is left: a name without dots is a public suffix.

#include "rondo/proto/public_suffix.hpp"

#include <libpsl.h>

#include <string>

namespace rondo::proto {

bool is_public_suffix(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  const psl_ctx_t* const list = psl_builtin();
  if (list == nullptr) return domain.find('.') == std::string_view::npos;
  return psl_is_public_suffix(list, std::string(domain).c_str()) != 0;
}

}  // namespace rondo::proto
