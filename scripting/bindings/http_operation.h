// A request of a script in flight.
#pragma once

#include <memory>
#include <string>

#include "engine/http/client.h"
#include "engine/http/response.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/http_vu.h"
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

// What a request is part of if its VU does not simply wait for it: a batch, a promise. The calls
// are given `index`, the request's number there.
class HttpReceiver {
 public:
  virtual ~HttpReceiver() = default;
  // Pushes what the script wrote as method, URL, body and parameters.
  virtual void push_request(lua_State* L, size_t index) = 0;
  // Takes the result from the top of the stack: the response, or the message to be thrown.
  virtual void store(lua_State* L, size_t index) = 0;
  // Follows on `store`, when the request has left its VU.
  virtual void go_on(size_t index) = 0;
  // The request was cut off with its iteration; neither of the others will be called.
  virtual void cancelled(size_t index) = 0;
};

// Kept for the next request when it is over: a request allocates nothing of its own.
class HttpOperation final : public http::ResponseCollector, public Operation {
 public:
  explicit HttpOperation(HttpOperationOwner& owner) : owner_(owner) {}

  // Whom the result is for: a VU that waits, or a receiver.
  struct Target {
    Wake wake{};
    HttpReceiver* receiver = nullptr;
    size_t index = 0;
  };

  void start(http::Client& client, LuaVu& vu, HttpVu& http, const HttpCall& call, Target target);

  LuaVu& vu() const { return *vu_; }
  const Target& target() const { return target_; }
  const http::Url& url() const { return *url_; }
  const std::string& method() const { return method_; }
  TagSetId context() const { return context_; }
  http::RequestTagsId tags() const { return tags_; }
  ExpectedStatuses::Id expected() const { return expected_; }
  bool keep_body() const { return keep_body_; }
  bool throws() const { return throws_; }
  bool url_kept() const { return url_kept_; }

  void cancel() override;

 private:
  void on_response(http::Response& response) override;

  HttpOperationOwner& owner_;
  http::Client* client_ = nullptr;
  http::Exchange* exchange_ = nullptr;
  LuaVu* vu_ = nullptr;
  Target target_;
  std::string method_;
  std::shared_ptr<const http::Url> url_;
  TagSetId context_ = 0;
  http::RequestTagsId tags_ = 0;
  ExpectedStatuses::Id expected_ = ExpectedStatuses::kDefault;
  bool keep_body_ = true;
  bool throws_ = false;
  bool url_kept_ = true;
};

}  // namespace perigee
