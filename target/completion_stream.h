// A completion as server-sent events: a chunk for every token.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/server/body_stream.h"
#include "target/completion_request.h"
#include "target/token_times.h"

namespace perigee {

// What the chunks of one reply share.
struct CompletionIdentity {
  std::string id;
  int64_t created = 0;  // s since 1970
};

// {"prompt_tokens":3,"completion_tokens":16,"total_tokens":19}
std::string usage_json(const CompletionRequest& request);

// Sends a chunk for each token when it is due, the closing ones with the last; several choices get
// their tokens at the same time. Each token's chunk tells when it went out: "sent_ns", of the
// machine's monotonic clock. `record`, which must outlive it, is told too.
class CompletionStream final : public http::BodyStream {
 public:
  // The tokens are due so long after `at`.
  CompletionStream(CompletionRequest request, const CompletionIdentity& identity,
                   std::vector<Duration> offsets, Instant at, TokenRecord& record);

  bool over() const override { return next_ == offsets_.size(); }
  Instant due() const override { return at_ + offsets_[next_]; }
  void take(std::string& out, Instant now) override;

 private:
  bool chat() const { return request_.kind == CompletionKind::kChat; }
  void append_role(std::string& out, size_t choice) const;
  void append_token(std::string& out, size_t choice, Instant now) const;
  void append_finish(std::string& out, size_t choice) const;
  void append_end(std::string& out) const;

  const CompletionRequest request_;
  std::string prefix_;         // of all chunks
  std::string_view no_usage_;  // what chunks say of the usage that the last one will tell
  std::vector<Duration> offsets_;
  size_t next_ = 0;
  Instant at_;
  Instant last_{};
  TokenRecord& record_;
};

}  // namespace perigee
