// A field value of a hostile server, read as each of the fields that have a parser of their own: no
// crash, names that are tokens, values that a field can hold, file names that stay where they are.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/base/ascii.hpp"
#include "rondo/proto/challenge.hpp"
#include "rondo/proto/content_disposition.hpp"
#include "rondo/proto/digest_auth.hpp"
#include "rondo/proto/field_syntax.hpp"
#include "rondo/proto/hsts.hpp"
#include "rondo/proto/link.hpp"
#include "rondo/proto/media_type.hpp"
#include "rondo/proto/retry.hpp"

namespace {

using namespace rondo::proto;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const std::vector<FieldParameter>& parameters) {
  for (const FieldParameter& each : parameters) {
    require(is_token(each.name) && is_field_value(each.value));
    require(each.name == rondo::ascii::lowered(each.name));
  }
}

void check_challenges(std::string_view field) {
  const auto challenges = parse_challenges(field);
  for (const Challenge& each : challenges) {
    require(is_token(each.scheme));
    check(each.parameters);
  }
  DigestAuth digest("user", "password");
  if (!digest.take(challenges, "cnonce")) return;
  const auto value = digest.authorization({"GET", "/", "body"});
  require(value && is_field_value(*value));
  require(digest.take_info(*value, field) != ServerProof::right);
}

void check_disposition(std::string_view field) {
  const auto disposition = ContentDisposition::parse(field);
  if (!disposition) return;
  check(disposition->parameters);
  const auto name = disposition->safe_filename();
  if (!name) return;
  require(!name->empty() && name->size() <= 200 && name->front() != '.');
  require(name->find_first_of("/\\") == std::string::npos && is_field_value(*name));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view field(reinterpret_cast<const char*>(data), size);
  check_challenges(field);
  check_disposition(field);
  for (const Link& link : parse_links(field)) {
    check(link.parameters);
    require(is_field_value(link.target));
    static_cast<void>(link.title());
  }
  if (const auto type = MediaType::parse(field)) check(type->parameters);
  if (const auto policy = HstsPolicy::parse(field)) require(policy->max_age.count() >= 0);
  const auto delay = parse_retry_after(field, std::chrono::system_clock::time_point{});
  require(!delay || delay->count() >= 0);
  return 0;
}
