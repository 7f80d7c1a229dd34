#include "rondo/http/merge_headers.hpp"

namespace rondo::http {

proto::HeaderMap merge(const proto::HeaderMap& defaults, const proto::HeaderMap& own) {
  proto::HeaderMap merged;
  for (const proto::Field field : defaults) {
    if (!own.contains(field.name)) merged.add(field.name, field.value);
  }
  for (const proto::Field field : own) merged.add(field.name, field.value);
  return merged;
}

}  // namespace rondo::http
