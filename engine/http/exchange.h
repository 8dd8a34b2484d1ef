// One request on its way, from its start to the end of its response.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/http/dial_events.h"
#include "engine/http/http_debug.h"
#include "engine/http/prepared_request.h"
#include "engine/http/response.h"
#include "engine/http/session_stream.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/timer_queue.h"

namespace perigee {
class HostTable;
class Loop;
}  // namespace perigee

namespace perigee::http {

class Connection;
class ConnectionPool;
class Dial;
class ExchangeOwner;
class HeadCache;
class RefusedPause;
struct ClientSettings;

// What the exchanges of a client share; see `Client::exchanges`.
struct ExchangeContext {
  ExchangeOwner& owner;
  Loop& loop;
  Deadlines& deadlines;
  const ClientSettings& settings;
  const HostTable& hosts;
  HeadCache& heads;
  RefusedPause& refused;
};

// May be started again, with the context of another client, too, when it has ended. Must have ended
// or been cancelled before it is destroyed.
class Exchange final : public SessionStream, public DialEvents, private Deadline {
 public:
  Exchange();
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  // Sends a request, at once or when the rate allows it: only then its time begins to count.
  // `sink` hears of it on later turns only; it, the pool and the client must live until the end or
  // until `cancel`.
  void start(const ExchangeContext& context, ConnectionPool& pool, const Request& request,
             ResponseSink& sink);
  // Ends the exchange without a report; its connection is closed if that can't go on. True if the
  // request had been sent, all of it or its head, so that the server has seen it or will.
  bool cancel();
  // The same, and says how far the exchange has come.
  Outcome close();
  // Stops and resumes the reading of the response, once it has begun.
  void pause();
  void resume();

  // It has been started, and its sink has not heard of its end yet.
  bool active() const { return sink_ != nullptr; }
  Instant started() const { return outcome_.started; }
  uint32_t retries() const { return outcome_.retries; }

  // What its client and its pool ask for.
  ConnectionPool& pool() const { return *pool_; }
  const std::shared_ptr<const Url>& shared_endpoint() const { return request_.shared_endpoint(); }
  // Sends the request over a kept connection or a new one, later if one has to settle first. Where
  // there may be none now, it is queued, and the result is false.
  bool route(Instant now);
  // Has the sink hear of the end. The exchange may be started again from within.
  void report_end();

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
  void on_trailers(std::string_view fields) override {
    if (trace_) trace_->on_trailers(fields);
    sink_->on_trailers(fields);
  }
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

  void send(Instant now);
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
  ResponseSink& leave_pool();
  Outcome progress(Instant now);
  void on_deadline() override;
  void close_timings(Instant at);
  // It has reached no server: how long its end is to wait.
  Duration refused_pause(Instant now);
  void refuse(Error error, Duration pause, Instant now);

  const ExchangeContext* context_ = nullptr;
  ConnectionPool* pool_ = nullptr;
  ResponseSink* sink_ = nullptr;      // null unless it is active
  Connection* connection_ = nullptr;  // null unless it is kConnected
  std::unique_ptr<Dial> dial_;        // null unless it is kDialling
  std::unique_ptr<Timer> wait_;       // made when it first has to wait
  PreparedRequest request_;
  State state_ = State::kEnded;
  bool dial_counted_ = false;  // by the pool, which has to hear its end
  uint8_t losses_ = 0;         // with kept connections
  // The epoch stands for "not yet".
  Instant ready_{};
  Instant sent_{};
  Instant responded_{};
  Outcome outcome_;
  std::unique_ptr<ExchangeTrace> trace_;  // null unless the log is to have it
};

}  // namespace perigee::http
