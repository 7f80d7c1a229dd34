#pragma once
// Digest authentication (RFC 7616) to one origin: scheme, host and port. A redirect to another one
// never takes the credentials along, and never gets them.
//
//   ClientSession session({.middlewares = {digest_auth_middleware(
//       {.origin = "https://api.example", .user = "fred", .password = "secret"})}});

#include <string>

#include "rondo/http/request.hpp"

namespace rondo::http {

/// Who somebody is to one origin.
struct OriginCredentials {
  /// Any URL of it. A request for it that Strict-Transport-Security makes one of https is meant,
  /// too; one that a redirect makes so is not.
  std::string origin;
  std::string user;
  std::string password;
  /// Whether an answer whose proof that the server knows the password, too, is wrong ends the
  /// request with `ServerAuthenticationError`. Most servers send none. With `auth-int` the body is
  /// part of the proof: then reading the body ends so, after its last piece. Who does not read it
  /// to its end does not learn whether the proof was right.
  bool verify_server = true;
};

/// A middleware that answers the Digest challenges of the origin. The first request is sent without
/// credentials and again with them; later ones carry them at once, until the server wants another
/// nonce. Credentials that are refused are not tried again: the 401 is the answer. It is that, too,
/// if the body cannot be sent again. A request that has an Authorization header or credentials in
/// its URL passes as it is. Knows MD5, SHA-256, SHA-512-256, their "-sess", `auth` and, for bodies
/// of bytes, `auth-int`. An answer's Authentication-Info is obeyed (RFC 7616 §3.5): its nonce is
/// the next one, and its proof is checked, that of `auth-int` at the end of the body. So is one
/// that stands behind a body in chunks, for whoever reads that to its end. One object serves the
/// sessions of one loop. Throws `InvalidURL` if `origin` is no URL that has one.
[[nodiscard]] Middleware digest_auth_middleware(const OriginCredentials& credentials);

}  // namespace rondo::http
