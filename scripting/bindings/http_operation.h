// A request of a script in flight.
#pragma once

#include <memory>
#include <string>

#include "engine/http/call.h"
#include "engine/http/response.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/http_vu.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpOperation;

// Hears of what becomes of a request.
class HttpOperationOwner {
 public:
  virtual ~HttpOperationOwner() = default;
  // An exchange of it has ended and another one follows; see `http::Call`.
  virtual void on_exchange(HttpOperation& operation, const http::Response& response,
                           bool challenge) = 0;
  virtual http::RequestTagsId redirected_tags(const HttpOperation& operation) = 0;
  // The end. The operation is recycled when the call returns.
  virtual void on_done(HttpOperation& operation, http::Response& response) = 0;
  // Cut off with its iteration. `sent`: the server has seen the request or will.
  virtual void on_cancelled(HttpOperation& operation, const http::CutOff& cut_off) = 0;
  // See `http::ResponseSink::may_pause`.
  virtual bool may_pause(const HttpOperation& operation) = 0;
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
class HttpOperation : public http::Call, public Operation {
 public:
  HttpOperation(HttpOperationOwner& owner, http::CallContext& context)
      : Call(context), owner_(owner) {}

  // Whom the result is for: a VU that waits, or a receiver.
  struct Target {
    Wake wake{};
    HttpReceiver* receiver = nullptr;
    size_t index = 0;
  };

  // Takes what the call owns.
  void start(LuaVu& vu, HttpVu& http, HttpCall& call, const Target& target);

  LuaVu& vu() const { return *vu_; }
  const Target& target() const { return target_; }
  TagSetId context() const { return context_; }
  http::RequestTagsId tags() const { return tags_; }
  ExpectedStatuses::Id expected() const { return expected_; }
  bool keep_body() const { return keep_body_; }
  bool throws() const { return throws_; }
  // The URL is the string that the script gave.
  bool url_kept() const { return url_kept_; }
  // The script did not say how many redirections it wants to follow.
  bool redirects_by_default() const { return redirects_by_default_; }
  // What the log and scripts are told of a failed request.
  std::string failure(const http::Response& response) const;

  void cancel() override;

 private:
  void on_exchange(const http::Response& response, bool challenge) override;
  void on_redirected(const http::Url& from) override;
  void on_call_end(http::Response& response) override;
  bool may_pause(Duration /*pause*/) override { return owner_.may_pause(*this); }

  HttpOperationOwner& owner_;
  LuaVu* vu_ = nullptr;
  Target target_;
  std::string body_;  // one that was made of the script's values
  std::unique_ptr<http::BodySource> source_;
  std::shared_ptr<http::CookieJar> jar_;
  TagSetId context_ = 0;
  http::RequestTagsId tags_ = 0;
  ExpectedStatuses::Id expected_ = ExpectedStatuses::kDefault;
  bool keep_body_ = true;
  bool throws_ = false;
  bool url_kept_ = true;
  bool redirects_by_default_ = true;
};

}  // namespace perigee
