#pragma once
// The proof of a server or a proxy that it knows a Digest password, where the body is part of it or
// in front of it.

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "rondo/http/body_check.hpp"
#include "rondo/proto/digest_auth.hpp"
#include "rondo/proto/header_map.hpp"

namespace rondo::http {

/// What there is to judge.
struct ProofOfAnswer {
  std::shared_ptr<proto::DigestAuth> auth;
  std::string authorization;    ///< that was sent
  std::string_view info_field;  ///< "Authentication-Info", for one; lasts as long as the program
  std::string info;             ///< its value in the head; may be empty
};

/// What looks at the end of an answer (RFC 7616 §3.5), and throws `refusal` if the proof is wrong;
/// null: it is not asked for. With `hash`, the `integrity_hash` of a request with `auth-int`, the
/// body is part of the proof. Without, it matters only what the trailers say.
[[nodiscard]] std::unique_ptr<BodyCheck> check_of_body(std::optional<proto::DigestHash> hash,
                                                       ProofOfAnswer proof,
                                                       std::exception_ptr refusal);

}  // namespace rondo::http
