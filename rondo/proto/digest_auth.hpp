#pragma once
// The Digest authentication scheme (RFC 7616, and RFC 2069 for servers that never moved on).
//
//   DigestAuth digest("fred", "secret");
//   // a 401 has come:
//   if (digest.take(parse_challenges(head.headers, "WWW-Authenticate"), cnonce))
//     headers.set("Authorization", *digest.authorization({"GET", "/a?b"}));
//   // an answer with Authentication-Info has come to that:
//   if (digest.take_info(*headers.get("Authorization"), info) == ServerProof::wrong) ...

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rondo/proto/challenge.hpp"
#include "rondo/proto/digest_hash.hpp"

namespace rondo::proto {

/// What a challenge of the scheme Digest says.
struct DigestChallenge {
  std::string realm;
  std::string nonce;
  std::optional<std::string> opaque;
  /// The algorithm as it was named; empty if it was not: then it is MD5.
  std::string algorithm;
  DigestHash hash = DigestHash::md5;
  bool session = false;   ///< "-sess"
  bool has_qop = false;   ///< without it the answer is that of RFC 2069
  bool auth = false;      ///< qop has "auth"
  bool auth_int = false;  ///< qop has "auth-int"
  bool stale = false;
  bool userhash = false;
  bool utf8 = false;  ///< charset=UTF-8

  /// Nothing if it is another scheme, has no realm or nonce, or an algorithm or qop that is not
  /// known here.
  [[nodiscard]] static std::optional<DigestChallenge> read(const Challenge& challenge);
};

/// The request that is to be authenticated. Views for the call.
struct DigestRequest {
  std::string_view method;
  /// The request target as it is sent: "/a?b".
  std::string_view target;
  /// The body, if it is at hand whole: where the server wants only `auth-int` it is hashed.
  std::optional<std::string_view> body = std::string_view{};
};

/// Whether a server has shown that it knows the password, too (rspauth, RFC 7616 §3.5).
enum class ServerProof : std::uint8_t {
  none,    ///< it did not try
  right,   ///< it does
  wrong,   ///< it does not: somebody else has answered, or another request
  of_body  ///< it tries with a proof (auth-int) that the body of its answer is part of
};

/// The credentials of one user and what the server of one protection space has said last. A value;
/// one thread at a time.
class DigestAuth {
 public:
  DigestAuth(std::string_view user, std::string_view password);

  /// To be called with the challenges of a 401 (or 407). Takes the first that it can answer, which
  /// is the one that the server prefers (RFC 7616 §3.7). True: sending the request again with
  /// `authorization()` makes sense. That is so for a first challenge and for one that says that the
  /// nonce is stale; otherwise the credentials that were sent are wrong. `cnonce` is the
  /// client's nonce: random and printable, 128 bits in hexadecimal digits for example.
  bool take(const std::vector<Challenge>& challenges, std::string_view cnonce);

  /// Whether there is a challenge to answer. Further requests for the same origin can be
  /// authenticated at once.
  [[nodiscard]] bool is_ready() const noexcept { return challenge_.has_value(); }

  /// The value of Authorization, each with the next nonce count. Nothing before the first
  /// challenge, if the user's name cannot be in a field, or if the body is needed and not at hand.
  [[nodiscard]] std::optional<std::string> authorization(const DigestRequest& request);

  /// What the Authentication-Info of an answer says, whose request had the Authorization
  /// `authorization`, a value of this object's. Its `nextnonce` is the nonce from now on (RFC 7616
  /// §3.5), unless the proof is wrong or another nonce has come meanwhile. `body_hash` is that of
  /// the answer's body, by `integrity_hash(authorization)`, once it has been read.
  ServerProof take_info(std::string_view authorization, std::string_view authentication_info,
                        std::optional<std::string_view> body_hash = std::nullopt);

  /// The hash function for the body of the answer to a request with this Authorization, if it is
  /// one with the qop `auth-int`.
  [[nodiscard]] static std::optional<DigestHash> integrity_hash(std::string_view authorization);

  /// Forgets the challenge: the next 401 is a first one.
  void reset() noexcept;

 private:
  [[nodiscard]] std::string hash_of(std::string_view text) const;
  [[nodiscard]] std::string secret() const;
  [[nodiscard]] std::string request_hash(const DigestRequest& request, std::string_view qop) const;
  void append_user(std::string& out) const;
  [[nodiscard]] ServerProof judge(const Challenge& sent, const Challenge& info,
                                  std::optional<std::string_view> body_hash) const;

  std::string user_;
  std::string password_;
  std::optional<DigestChallenge> challenge_;
  std::string cnonce_;
  std::uint32_t count_ = 0;
};

}  // namespace rondo::proto
