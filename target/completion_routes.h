// OpenAI's API for completions: chat and text, streamed or not, and the list of models.
#pragma once

#include <random>
#include <vector>

#include "target/completion_request.h"
#include "target/json_reply.h"
#include "target/target_request.h"
#include "target/token_times.h"

namespace perigee {

// One per worker, on its thread; must outlive the answers it gives. The same seed gives the same
// times.
class CompletionRoutes {
 public:
  CompletionRoutes(const CompletionOptions& options, uint64_t seed, TokenRecord& record);

  // The request's route must be one of kCompletionModels to kCompletion.
  http::Reply reply(const TargetRequest& request, Instant at);

 private:
  http::Reply complete(CompletionKind kind, const TargetRequest& request, Instant at);
  // When each token is due, from the request on.
  std::vector<Duration> draw_offsets(const CompletionRequest& request);

  const CompletionOptions options_;
  std::mt19937_64 random_;
  TokenRecord& record_;
};

}  // namespace perigee
