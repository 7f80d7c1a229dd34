// With chunks the field may stand behind the body (RFC 7616 §3.5), where a sender that hashes on
// the way knows what to say. It then counts more than that of the head.

#include "rondo/http/body_proof.hpp"

#include <utility>

#include "rondo/proto/digest_hash.hpp"

namespace rondo::http {
namespace {

class BodyProof final : public BodyCheck {
 public:
  BodyProof(std::optional<proto::DigestHash> hash, ProofOfAnswer proof, std::exception_ptr refusal)
      : proof_(std::move(proof)),
        refusal_(std::move(refusal)) {  // NOLINT(bugprone-throw-keyword-missing): kept for later
    if (hash) body_.emplace(*hash);
  }

  void update(std::string_view bytes) override {
    if (body_) body_->update(bytes);
  }

  void finish(const proto::HeaderMap& trailers) override {
    const auto behind_body = trailers.get(proof_.info_field);
    if (!behind_body && !body_) return;  // what the head says has been judged
    const std::string_view info = behind_body.value_or(proof_.info);
    std::optional<std::string> hash;
    if (body_) hash = body_->finish();
    const auto verdict = proof_.auth->take_info(proof_.authorization, info, hash);
    if (verdict == proto::ServerProof::wrong && refusal_) std::rethrow_exception(refusal_);
  }

 private:
  std::optional<proto::DigestHasher> body_;
  ProofOfAnswer proof_;
  std::exception_ptr refusal_;
};

}  // namespace

std::unique_ptr<BodyCheck> check_of_body(std::optional<proto::DigestHash> hash, ProofOfAnswer proof,
                                         std::exception_ptr refusal) {
  return std::make_unique<BodyProof>(hash, std::move(proof), std::move(refusal));
}

}  // namespace rondo::http
