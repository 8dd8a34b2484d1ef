// The server's half of a duplex stream: what the handler sends waits here for the client's windows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/http2/connection.h"
#include "engine/http/server/duplex.h"
#include "engine/http/server/handler.h"

namespace perigee::http {

// The connection of a duplex stream, as the stream sees it.
class DuplexConnection {
 public:
  virtual ~DuplexConnection() = default;
  virtual http2::Connection& http2() = 0;
  virtual void go_away() = 0;
  // The response goes out, and as a whole.
  virtual void on_replied(const ServerRequest& request, int status) = 0;
};

class Http2Duplex final : public DuplexStream, public http2::DataSource {
 public:
  Http2Duplex(DuplexConnection& connection, int32_t id, const ServerRequest& request)
      : connection_(connection), request_(request), id_(id) {}

  // Whoever takes the request; null: nobody does, and the stream is not duplex.
  void assign(std::unique_ptr<DuplexEvents> events) { events_ = std::move(events); }
  bool assigned() const { return events_ != nullptr; }

  void on_data(std::string_view bytes);
  void on_end();
  // Nothing is sent after this.
  void close(http2::ErrorCode code);

  void send_head(std::span<const http2::Field> head, bool last) override;
  void send(std::string_view bytes) override;
  size_t unsent() const override { return queue_.size() - sent_; }
  void end(std::span<const http2::Field> trailers) override;
  void consume(size_t bytes) override;
  void reset(http2::ErrorCode code) override;
  void go_away() override;
  void cut() override;

 private:
  Ready ready() override;
  void taken(size_t size) override;
  void keep_trailers(std::span<const http2::Field> trailers);

  DuplexConnection& connection_;
  const ServerRequest& request_;
  const int32_t id_;
  std::unique_ptr<DuplexEvents> events_;
  std::string queue_;  // data that waits, behind `sent_` bytes that do no more
  size_t sent_ = 0;
  std::vector<http2::Field> trailers_;
  std::string trailer_text_;
  int status_ = 0;  // of the head that was sent
  bool ended_ = false;
  bool closed_ = false;
};

}  // namespace perigee::http
