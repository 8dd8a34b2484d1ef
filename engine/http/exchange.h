// One request on its way, from its start to the end of its answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/body_source.h"
#include "engine/http/dial_events.h"
#include "engine/http/http_debug.h"
#include "engine/http/proxy.h"
#include "engine/http/request.h"
#include "engine/http/response.h"
#include "engine/http/retry.h"
#include "engine/loop/deadlines.h"

namespace perigee::http {

class Client;
class Connection;
class ConnectionPool;
class Dial;

// Belongs to its client, which uses it again for the next request. It is either queued,
// being dialled for, on a connection, or ended and about to be told.
class Exchange final : public DialEvents, private Deadline {
 public:
  explicit Exchange(Client& client);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // What to send, one after the other. Stays where it is until the exchange ends.
  std::string_view head() const { return head_; }
  std::string_view body() const { return body_; }
  // The same apart: `head` has a small body joined to it.
  std::string_view head_text() const { return std::string_view(head_).substr(0, head_size_); }
  std::string_view payload() const {
    return body_.empty() ? std::string_view(head_).substr(head_size_) : body_;
  }
  // What makes the body, which `head` and `body` have nothing of then; else null.
  BodySource* source() const { return source_; }
  // The kernel has taken what its session gave it, but there is more of the body: the session is to
  // hear `on_sent` on a later turn.
  void send_more_later();
  bool expects_no_body() const { return expects_no_body_; }
  // The connection must not be used again afterwards.
  bool closes_connection() const { return closes_connection_; }
  // Whom the request is sent to: the URL's host, or a proxy.
  const Url& endpoint() const { return *shared_endpoint(); }
  const std::shared_ptr<const Url>& shared_endpoint() const {
    return proxy_ == nullptr || url_->tls ? url_ : proxy_->url;
  }

  // What the client itself says to a proxy in the head; empty if it does not.
  std::string_view proxy_authorization() const {
    return proxy_ == nullptr ? std::string_view() : proxy_->authorization;
  }

  // Where a session of several exchanges finds this one again.
  uint32_t slot() const { return slot_; }
  void set_slot(uint32_t slot) { slot_ = slot; }
  Instant started() const { return outcome_.started; }
  uint32_t retries() const { return outcome_.retries; }

  // Told by the session. `on_sent`: all of the request has been handed to the kernel; `on_answer`:
  // the first byte has come back. Either may come first.
  void on_sent(Instant at) { sent_ = at; }
  void on_answer(Instant at) { answered_ = at; }
  void on_head(const ResponseHead& head) {
    if (trace_) trace_->on_head(head);
    sink_->on_head(head);
  }
  void on_body(std::string_view bytes, Instant at) {
    if (trace_) trace_->on_body(bytes);
    sink_->on_body(bytes, at);
  }
  // Ends the exchange; its sink hears of it when the events at hand have been dealt with.
  void finish(Error error, Instant at);
  // The connection broke. Sends the request again if that is safe, else ends the exchange. `facts`
  // are those that the session knows.
  void on_lost(Error error, Instant at, LostRequest facts);
  // The server has said that it did not process the request, so that any may be sent again; ends
  // the exchange if that has been so too often. `fruitless`: the connection has served no other and
  // does not.
  void on_not_processed(const Error& error, Instant at, bool fruitless);

 private:
  friend class Client;

  // Returns why the request can't be sent at all, if so.
  Error refusal() const;
  Error begin(ConnectionPool& pool, const Request& request, ResponseSink& sink, Instant now);
  void join_small_body();
  // The rate allows it at `turn`, not now. The client's `send` follows then.
  void wait_until(Instant turn);
  void stop_waiting();
  // The connection that it may go over has to settle first, until `settled`.
  void wait_to_settle(Instant settled);
  // There may be no connection for it now.
  void enqueue();
  void leave_connection();
  void stop_dialling();
  // It has a connection, new or kept.
  void submit_to(Connection& connection, Instant at);
  void on_dialled(Dialled dialled) override;
  void on_dial_failed(Error error) override;
  void on_deadline() override;
  void send_again();
  void close_timings(Instant at);
  // It has reached no server: how long its end is to wait.
  Duration refused_pause(Instant now);
  void end_later(Error error, Duration pause, Instant now);

  Client& client_;
  ConnectionPool* pool_ = nullptr;
  ResponseSink* sink_ = nullptr;
  Connection* connection_ = nullptr;
  std::unique_ptr<Dial> dial_;
  std::unique_ptr<Timer> turn_;      // made when the rate first makes it wait
  std::unique_ptr<Timer> settling_;  // made when a connection first makes it wait
  std::shared_ptr<const Url> url_;
  const Proxy* proxy_ = nullptr;
  std::string head_;
  uint32_t head_size_ = 0;  // of it without the body that is joined to it
  uint32_t slot_ = 0;
  std::string_view body_;
  BodySource* source_ = nullptr;
  Duration timeout_{};
  bool expects_no_body_ = false;
  bool closes_connection_ = false;
  bool repeatable_ = false;  // the server may process it twice
  bool queued_ = false;
  bool counted_ = false;  // the pool's queue counts its dial
  // The epoch stands for "not yet".
  Instant ready_{};
  Instant sent_{};
  Instant answered_{};
  Outcome outcome_;
  std::unique_ptr<ExchangeTrace> trace_;  // null unless the log is to have it
};

}  // namespace perigee::http
