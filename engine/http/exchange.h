// One request on its way, from its start to the end of its response.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/http/dial_events.h"
#include "engine/http/http_debug.h"
#include "engine/http/prepared_request.h"
#include "engine/http/response.h"
#include "engine/http/session_stream.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/timer_queue.h"

namespace perigee {
class Loop;
}

namespace perigee::http {

class Connection;
class ConnectionPool;
class Dial;
class ExchangeOwner;
class RefusedPause;

// What the exchanges of a client share.
struct ExchangeContext {
  ExchangeOwner& owner;
  Loop& loop;
  Deadlines& deadlines;
  RefusedPause& refused;
  HttpDebug* debug = nullptr;  // null unless the log is to have the exchanges
};

// Belongs to its client, which uses it again for the next request.
class Exchange final : public SessionStream, public DialEvents, private Deadline {
 public:
  explicit Exchange(const ExchangeContext& context);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Takes up a request, which is to be sent next. False: it can't be sent, and its end follows on a
  // later turn.
  bool begin(ConnectionPool& pool, const Request& request, ResponseSink& sink, Instant now);
  // Sends the request when the rate allows it: at `turn`, which is later than now.
  void send_at(Instant turn);
  void send(Instant now);
  // Sends it over a kept connection or a new one, later if one has to settle first. Where there may
  // be none now, it is queued, and the result is false.
  bool route(Instant now);
  // Ends the exchange without a report; its connection is closed if that can't go on. True if the
  // whole request had been sent.
  bool cancel();
  // How far the exchange has come.
  Outcome progress(Instant now);
  // Stops and resumes the reading of the response, once it has begun.
  void pause();
  void resume();

  ConnectionPool& pool() const { return *pool_; }
  ResponseSink& sink() const { return *sink_; }
  // How it ended; can be asked for once.
  Outcome take_outcome() { return std::move(outcome_); }
  const std::shared_ptr<const Url>& shared_endpoint() const { return request_.shared_endpoint(); }
  Instant started() const { return outcome_.started; }
  uint32_t retries() const { return outcome_.retries; }

  // What its session asks and reports.
  const PreparedRequest& request() const override { return request_; }
  void send_more_later() override;
  void on_sent(Instant at) override { sent_ = at; }
  void on_response(Instant at) override { responded_ = at; }
  void on_head(const ResponseHead& head) override {
    if (trace_) trace_->on_head(head);
    sink_->on_head(head);
  }
  void on_body(std::string_view bytes, Instant at) override {
    if (trace_) trace_->on_body(bytes);
    sink_->on_body(bytes, at);
  }
  void on_trailers(std::string_view fields) override { sink_->on_trailers(fields); }
  // Ends the exchange; its sink hears of it when the event at hand has been handled.
  void finish(Error error, Instant at) override;
  // Sends the request again if that is safe, else ends the exchange.
  void on_lost(Error error, Instant at, LostRequest facts) override;
  // Sends the request again, or ends the exchange if that has been so too often.
  void on_not_processed(const Error& error, Instant at, bool fruitless) override;

 private:
  // What it waits for. The opening comment of exchange.cc says how one leads to another.
  enum class State : uint8_t {
    kEnded,  // or not begun yet
    kRefused,
    kWaitsForRate,
    kSettling,
    kQueued,
    kDialling,
    kConnected,
  };

  void wait(State state, Instant until);
  void on_waited();
  void enqueue();
  void dial();
  void on_dialled(Dialled dialled) override;
  void on_dial_failed(Error error) override;
  // The same within an event.
  void fail_dial(Error error);
  void stop_dialling();
  void submit_to(Connection& connection, Instant at);
  void send_again();
  // Takes it away from what it waits for.
  void withdraw();
  void on_deadline() override;
  void close_timings(Instant at);
  // It has reached no server: how long its end is to wait.
  Duration refused_pause(Instant now);
  void refuse(Error error, Duration pause, Instant now);

  const ExchangeContext& context_;
  ConnectionPool* pool_ = nullptr;
  ResponseSink* sink_ = nullptr;
  Connection* connection_ = nullptr;  // null unless it is kConnected
  std::unique_ptr<Dial> dial_;        // null unless it is kDialling
  std::unique_ptr<Timer> wait_;       // made when it first has to wait
  PreparedRequest request_;
  State state_ = State::kEnded;
  bool dial_counted_ = false;  // by the pool, which has to hear its end
  // The epoch stands for "not yet".
  Instant ready_{};
  Instant sent_{};
  Instant responded_{};
  Outcome outcome_;
  std::unique_ptr<ExchangeTrace> trace_;  // null unless the log is to have it
};

}  // namespace perigee::http
