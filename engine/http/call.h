// One request of a script with all that follows from it: redirections and digest challenges are
// answered by further exchanges, cookies are kept and sent, compressed bodies are unpacked.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>

#include "engine/http/body_decoder.h"
#include "engine/http/client.h"
#include "engine/http/cookie_jar.h"
#include "engine/http/exchange.h"
#include "engine/http/redirect.h"
#include "engine/http/request.h"
#include "engine/http/request_cookies.h"
#include "engine/http/response.h"

namespace perigee::http {

// How a call goes on.
struct CallRules {
  int64_t redirects = 10;  // at most so many are followed
  bool digest = false;     // answers a digest challenge with the URL's credentials
  bool keep_body = true;
  bool streamed = false;  // the response is reported in parts; see `CallEvents::on_stream_begin`
  std::span<const RequestCookie> cookies{};  // copied by `Call::start`
  CookieJar* jar =
      nullptr;  // gives and takes cookies; must live until the end. Null: there is none
};

// What the calls of a worker share, whichever client they go through.
struct CallContext {
  BodyDecoder decoder{};
  std::mt19937_64 random{std::random_device()()};
};

// Hears of what becomes of a call, on later turns than `Call::start`.
class CallEvents {
 public:
  // An exchange has ended which another one follows. `challenge`: its 401 was part of a digest
  // round.
  virtual void on_exchange(const Response& response, bool challenge) = 0;
  // The next exchange goes elsewhere: the call's `url` and `method` say where. Follows on
  // `on_exchange`.
  virtual void on_redirected(const Url& from) = 0;
  // The last exchange has ended; the call may be started again from within.
  virtual void on_call_end(Response& response) = 0;

  // Of a streamed call: the head of the response has come that no other exchange will follow; then
  // bytes of its body, which is not kept. The call must not be ended from within. A response that
  // might have been followed and was not comes whole with `on_call_end`.
  virtual void on_stream_begin() {}
  virtual void on_stream_bytes(std::string_view /*bytes*/, Instant /*at*/) {}
  // See `ResponseSink::may_pause`.
  virtual bool may_pause(Duration /*pause*/) { return false; }

 protected:
  ~CallEvents() = default;
};

// Kept for the next request when it is over. A call that is a single exchange costs what the
// exchange costs: the rest is made when it is first needed.
class Call final : private ResponseSink {
 public:
  Call(CallContext& context, CallEvents& events);
  ~Call() override;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // The request's body or its source must stay where it is until the end, which is reported on
  // a later turn. The client and the pool must live until then, too.
  void start(Client& client, ConnectionPool& pool, const Request& request, const CallRules& rules);
  // Ends the call without a report.
  CutOff cancel();

  // Of the exchange at hand or, in the end, the last.
  const Url& url() const { return *url_; }
  const std::string& method() const { return method_; }
  // The limit of redirections has ended it.
  bool stopped() const { return stopped_; }
  // When the call's first exchange started.
  Instant started() const;
  // Stops and resumes the reading of the response.
  void pause_reading() { exchange_.pause(); }
  void resume_reading() { exchange_.resume(); }
  // Ends the call without a report, if it has not ended yet. The result is what has come of the
  // response, without its body, as a response or as the failure `error`.
  Response& stop(Error error);
  // What has come by now.
  Response& response() { return collector_.response(); }

 private:
  struct Following;

  void on_head(const ResponseHead& head) override;
  void on_body(std::string_view bytes, Instant at) override;
  void on_trailers(std::string_view fields) override { collector_.add_trailers(fields); }
  void on_end(const Outcome& outcome) override;
  bool may_pause(Duration pause) override { return events_.may_pause(pause); }

  Following& following();
  // Starts with cookies of its own or of the jar, or without the credentials of a digest.
  void start_apart(const Request& request, const CallRules& rules);
  // A digest challenge may be answered (once more, if it says that the nonce was stale).
  bool awaits_challenge() const;
  bool redirect(Response& response);
  bool answer_challenge(Response& response);
  void unpack(Response& response) const;
  // Takes the headers of the exchange that has ended, but for those that do not go along.
  void keep_headers(const Redirect* redirect);
  bool goes_along(const Header& header, const Redirect* redirect) const;
  // The body is to be sent once more. False, and the response fails, if that can't be.
  bool body_again(Response& response) const;
  // Adds a Cookie header to those to be sent, if there are cookies for the URL.
  void add_cookies();
  // Sends the request at hand with the headers that `following_` holds.
  void send(Duration timeout);
  Duration time_left(const Response& response) const;

  CallContext& context_;
  CallEvents& events_;
  ResponseCollector collector_;
  Client* client_ = nullptr;
  ConnectionPool* pool_ = nullptr;
  Exchange exchange_;
  std::string method_;
  std::shared_ptr<const Url> url_;
  std::string_view body_;
  BodySource* source_ = nullptr;
  CookieJar* jar_ = nullptr;
  int64_t redirects_ = 0;  // that may still be followed
  Duration timeout_{};     // of all exchanges together
  bool repeatable_ = false;
  bool keep_body_ = true;
  bool streamed_ = false;
  bool live_ = false;  // the response at hand is reported in parts
  bool digest_ = false;
  bool stopped_ = false;
  std::unique_ptr<Following> following_;
};

}  // namespace perigee::http
