// A server of gRPC on the test's loop that does with each call what the test says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/grpc/message_frame.h"
#include "engine/http/server/server.h"
#include "tests/support/loop_fixture.h"

namespace perigee::grpc {

// One call as the server has it.
class PlayedCall final : public http::DuplexEvents {
 public:
  using Fields = std::vector<http2::Field>;

  PlayedCall(const http::ServerRequest& request, http::DuplexStream& its_stream, std::string& log)
      : stream(its_stream), path(request.path()), fields(request.fields()), log_(log) {}

  void head(const Fields& own = {}) {
    Fields all{{":status", "200"}, {"content-type", "application/grpc"}};
    all.insert(all.end(), own.begin(), own.end());
    stream.send_head(all, false);
  }
  void send(std::string_view text, bool compressed = false) {
    std::string frame;
    append_frame(frame, text, compressed);
    stream.send(frame);
  }
  void end(const Fields& trailers = {{"grpc-status", "0"}}) { stream.end(trailers); }

  http::DuplexStream& stream;
  std::string path;
  std::string fields;
  std::function<void(std::string_view)> message;
  std::function<void()> half_close;

 private:
  void on_data(std::string_view bytes) override {
    stream.consume(bytes.size());
    reader_.feed(bytes);
    while (const auto next = reader_.next()) {
      log_ += fmt::format("{}{} ", next->compressed ? "packed " : "", next->bytes.substr(0, 20));
      if (message) message(next->bytes);
    }
  }
  void on_end() override {
    log_ += "end ";
    if (half_close) half_close();
  }
  void on_closed(http2::ErrorCode code) override {
    log_ += fmt::format("closed({}) ", static_cast<uint32_t>(code));
  }

  std::string& log_;
  FrameReader reader_{64 * 1024 * 1024};
};

class PlayedServer final : private http::ServerHandler {
 public:
  // `play` is told of each call at its head.
  PlayedServer(Loop& loop, std::function<void(PlayedCall&)> play)
      : play_(std::move(play)),
        server_(loop, {.address = *Address::parse("127.0.0.1", 0)}, *this, quiet_) {}

  std::string address() const { return fmt::format("127.0.0.1:{}", server_.address().port()); }
  size_t connections() const { return server_.connections(); }

  std::string log;
  size_t calls = 0;

 private:
  std::unique_ptr<http::DuplexEvents> open(const http::ServerRequest& request,
                                           http::DuplexStream& stream, Instant /*at*/) override {
    ++calls;
    auto call = std::make_unique<PlayedCall>(request, stream, log);
    play_(*call);
    return call;
  }
  http::Reply respond(http::ServerRequest& /*request*/, Instant /*at*/) override {
    return http::plain_reply(404, "not gRPC");
  }

  std::function<void(PlayedCall&)> play_;
  Log quiet_{LogLevel::kError};
  http::Server server_;
};

}  // namespace perigee::grpc
