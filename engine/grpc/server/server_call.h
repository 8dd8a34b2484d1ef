// One call as its server has it: messages in and out, and the status that ends it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/grpc/message_decoder.h"
#include "engine/grpc/message_frame.h"
#include "engine/grpc/server/delayed_sends.h"
#include "engine/grpc/server/services.h"
#include "engine/grpc/status.h"
#include "engine/http/content_coding.h"
#include "engine/loop/timer_queue.h"

namespace perigee::grpc {

// Keeps the client's deadline, unpacks messages, and packs those it sends as the client packs its
// own. What is sent or finished after the end does nothing.
class ServerCall final : public http::DuplexEvents {
 public:
  ServerCall(Services& services, const http::ServerRequest& request, http::DuplexStream& stream,
             Instant at);
  ~ServerCall() override;
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;

  // With its metadata, and when its head came in.
  const http::ServerRequest& request() const { return request_; }
  Instant at() const { return at_; }
  Instant now() const { return services_.loop().now(); }
  TimerQueue& timers() const { return services_.loop().timers(); }
  // Nothing can be sent any more.
  bool over() const { return over_; }

  // Metadata for the head, before the first message, and for the trailers. Names in lower case,
  // values as they go over the wire.
  void add_header(std::string_view name, std::string_view value);
  void add_trailer(std::string_view name, std::string_view value);

  // Sends the head by itself, ahead of the first message.
  void send_head();
  // At `due` or, if that is over, at once, and behind what was sent before.
  void send(std::string_view message, Instant due = {});
  void finish(Status status = {}, Instant due = {});

  // What hears of the rest of the call; for methods that take one message.
  void attach(std::unique_ptr<CallHandler> handler) { handler_ = std::move(handler); }

  // Bytes that have not left yet, those that are due later included: who has much to send waits for
  // `CallHandler::on_drained`.
  size_t unsent() const { return stream_.unsent() + (delayed_ == nullptr ? 0 : delayed_->bytes()); }
  // The client may send no more than it has window for, until reading is resumed.
  void pause_reading() { paused_ = true; }
  void resume_reading();

  // The stream below, for servers that break the protocol on purpose.
  http::DuplexStream& stream() { return stream_; }
  // The call's end is not up to it any more: counts it as dropped.
  void abandon();

 private:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  void on_data(std::string_view bytes) override;
  void on_end() override;
  void on_drained() override;
  void on_closed(http2::ErrorCode code) override;

  void begin();
  void read_head();
  void refuse_encoding(std::string_view encoding);
  void refuse_frame();
  void receive(const FrameReader::Message& message);
  void deliver(std::string_view message);
  void send_now(std::string_view message);
  void finish_now(const Status& status);
  void send_delayed();
  void end(Code code);
  void close();
  bool delays() const { return delayed_ != nullptr && !delayed_->empty(); }
  bool waits(Instant due) const;
  DelayedSends& delayed();
  std::string_view content_type() const;

  Services& services_;
  const http::ServerRequest& request_;
  http::DuplexStream& stream_;
  const Instant at_;
  const Method* method_ = nullptr;
  FrameReader frames_;
  std::unique_ptr<CallHandler> handler_;
  std::unique_ptr<DelayedSends> delayed_;
  std::optional<Timer> deadline_;
  std::optional<http::ContentCoding> coding_;
  MessageDecoder decoder_;
  std::unique_ptr<Fields> headers_, trailers_;  // what methods add
  size_t unconsumed_ = 0;                       // bytes that came while reading is paused
  bool typed_ = false;                          // the client says application/grpc+proto
  bool taken_ = false;                          // the only message has come
  bool head_sent_ = false;
  bool paused_ = false;
  bool over_ = false;
};

}  // namespace perigee::grpc
