// A client of HTTP/2 over a plain socket, whose streams a test drives by hand in both directions.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/http/http2/connection.h"
#include "tests/support/raw_client.h"

namespace perigee {

// One stream: keeps what comes, and sends what it is told to.
class Http2Stream final : private http2::StreamEvents, private http2::DataSource {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  Http2Stream(http2::Connection& connection, const Fields& head, bool ends);

  void send(std::string_view bytes);
  // Nothing more is sent.
  void end();
  void reset(http2::ErrorCode why) { connection_.reset(id_, why); }
  void consume(size_t bytes) { connection_.consume(id_, bytes); }

  bool over() const { return over_; }
  size_t unsent() const { return unsent_.size(); }

  int status = 0;
  std::map<std::string, std::string> head;
  std::string body;
  std::map<std::string, std::string> trailers;
  bool head_only = false;  // the head has ended the response
  bool ended = false;      // ... or something behind it
  http2::ErrorCode code = http2::ErrorCode::kNoError;

 private:
  void on_head(const http2::FieldBlock& block, bool ends) override;
  void on_data(std::string_view bytes) override { body.append(bytes); }
  void on_trailers(const http2::FieldBlock& block) override;
  void on_end() override { ended = true; }
  void on_head_fault(http2::HeadFault /*fault*/) override {}
  void on_closed(http2::ErrorCode reason) override;
  Ready ready() override { return {.bytes = unsent_, .last = last_}; }
  void taken(size_t size) override { unsent_.erase(0, size); }

  http2::Connection& connection_;
  int32_t id_ = 0;
  std::string unsent_;
  bool last_ = false;
  bool over_ = false;
};

class Http2Client final : private http2::ConnectionEvents {
 public:
  explicit Http2Client(uint16_t port, const http2::ConnectionSettings& settings = {});
  ~Http2Client() override;
  Http2Client(const Http2Client&) = delete;
  Http2Client& operator=(const Http2Client&) = delete;

  // A stream with this head, pseudo-fields first; `ends`: it sends nothing else.
  Http2Stream& open(const Http2Stream::Fields& head, bool ends = false);

  // Sends and receives until this is so, or the server has closed the connection. Throws
  // std::runtime_error after 20 s without a byte.
  void run_until(const std::function<bool()>& done);
  void finish(Http2Stream& stream) {
    run_until([&] { return stream.over(); });
  }
  // Sends what there is to send.
  void flush();

  bool closed() const { return closed_; }
  bool going_away() const { return going_away_; }

 private:
  class Wire;
  void on_go_away(int32_t /*last*/, http2::ErrorCode /*code*/,
                  std::string_view /*reason*/) override {
    going_away_ = true;
  }

  RawClient socket_;
  MonotonicClock clock_;
  std::unique_ptr<Wire> wire_;
  TurnEnds turn_ends_;
  TurnEnd turn_end_;
  http2::Connection connection_;
  std::vector<std::unique_ptr<Http2Stream>> streams_;
  bool closed_ = false;
  bool going_away_ = false;
};

}  // namespace perigee
