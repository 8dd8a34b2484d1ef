// A request of a script in flight.
#pragma once

#include <memory>
#include <vector>

#include "engine/http/client.h"
#include "engine/http/response.h"
#include "scripting/bindings/http_call.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpOperation;

// Hears of the end of a request. The operation is recycled when the call returns.
class HttpOperationOwner {
 public:
  virtual ~HttpOperationOwner() = default;
  virtual void on_done(HttpOperation& operation, http::Response& response) = 0;
  // Cut off with its iteration. `sent`: the server has seen the request or will.
  virtual void on_cancelled(HttpOperation& operation, bool sent) = 0;
};

// Kept for the next request when it is over: a request allocates nothing of its own.
class HttpOperation final : public http::ResponseCollector, public Operation {
 public:
  explicit HttpOperation(HttpOperationOwner& owner) : owner_(owner) {}

  // `wake` is used by the owner alone.
  void start(http::Client& client, http::ConnectionPool& pool, LuaVu& vu, const HttpCall& call,
             Wake wake);

  LuaVu& vu() const { return *vu_; }
  const http::Url& url() const { return *url_; }
  const std::string& method() const { return method_; }
  Wake& wake() { return wake_; }
  TagSetId context() const { return context_; }
  http::RequestTagsId tags() const { return tags_; }
  bool keep_body() const { return keep_body_; }

  void cancel() override;

  // What the request is part of, if it is one of a batch.
  class HttpBatch* batch = nullptr;
  size_t batch_index = 0;

 private:
  void on_response(http::Response& response) override;

  HttpOperationOwner& owner_;
  http::Client* client_ = nullptr;
  http::Exchange* exchange_ = nullptr;
  LuaVu* vu_ = nullptr;
  Wake wake_;
  std::string method_;
  std::shared_ptr<const http::Url> url_;
  TagSetId context_ = 0;
  http::RequestTagsId tags_ = 0;
  bool keep_body_ = true;
};

}  // namespace perigee
