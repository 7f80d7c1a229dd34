// With chunks the field may stand behind the body (RFC 7616 §3.5), where a sender that hashes on
// the way knows what to say. It then counts more than that of the head.

#include "rondo/http/body_proof.hpp"

#include <utility>

#include "rondo/proto/digest_hash.hpp"

namespace rondo::http {
namespace {

class BodyProof final : public BodyCheck {
 public:
  BodyProof(proto::DigestHash hash, ProofOfAnswer proof, std::exception_ptr refusal)
      : body_(hash),
        proof_(std::move(proof)),
        refusal_(std::move(refusal)) {}  // NOLINT(bugprone-throw-keyword-missing): kept for later

  void update(std::string_view bytes) override { body_.update(bytes); }

  void finish(const proto::HeaderMap& trailers) override {
    const std::string_view info = trailers.get(proof_.info_field).value_or(proof_.info);
    const auto verdict = proof_.auth->take_info(proof_.authorization, info, body_.finish());
    if (verdict == proto::ServerProof::wrong) std::rethrow_exception(refusal_);
  }

 private:
  proto::DigestHasher body_;
  ProofOfAnswer proof_;
  std::exception_ptr refusal_;
};

}  // namespace

std::unique_ptr<BodyCheck> check_of_body(proto::DigestHash hash, ProofOfAnswer proof,
                                         std::exception_ptr refusal) {
  return std::make_unique<BodyProof>(hash, std::move(proof), std::move(refusal));
}

}  // namespace rondo::http
