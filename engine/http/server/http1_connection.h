// One client's connection of HTTP/1.1: requests in, replies out, in order.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/http/http1_parser.h"
#include "engine/http/server/context.h"
#include "engine/net/stream.h"

namespace perigee::http {

// Reads one request after the other. What comes while an reply is due later or still being sent
// waits; the replies to pipelined requests go out together.
class Http1Connection final : public ServerConnection,
                              private StreamEvents,
                              private Http1Parser::Events {
 public:
  Http1Connection(ServerContext& context, std::unique_ptr<Stream> stream);
  ~Http1Connection() override;
  Http1Connection(const Http1Connection&) = delete;
  Http1Connection& operator=(const Http1Connection&) = delete;

  // Bytes that were read before it was made.
  void receive(std::string_view bytes, Instant at) { on_read(bytes, at); }

 private:
  enum class Ending { kNone, kAtOnce, kAfterSend, kDrain };

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;

  void on_head(const Http1Head& head) override;
  void on_body(std::string_view bytes) override;
  void on_message_end() override { complete_ = true; }

  // The reply at hand never comes.
  bool hangs() const { return waiting_ && later_.delivery == Delivery::kHang; }
  bool busy() const { return sending_ || waiting_ || upgraded_ || ending_ != Ending::kNone; }

  void consume(std::string_view bytes);
  void parse(std::string_view& bytes);
  void hold(std::string_view bytes);
  void resume();
  void respond();
  void upgrade(Reply reply);
  void send(Reply reply);
  void begin_stream(Reply reply);
  void send_pieces();
  void append_piece(Instant now);
  void end_stream();
  void encode(const Reply& reply, const Framing& framing);
  void refuse();
  void refuse_later(int status, std::string_view message);
  void end_request();
  void offer_continue();
  bool flush();
  bool after_send();
  void on_timer();
  void on_deadline() override;
  // The request as far as it is known, for the observer.
  const ServerRequest* known_request() const { return head_seen_ ? &request_ : nullptr; }
  void finish();

  ServerContext& context_;
  std::unique_ptr<ServerObserver> observer_;
  Http1Parser parser_;
  std::unique_ptr<Stream> stream_;      // null once it speaks another protocol ...
  std::unique_ptr<Upgraded> upgraded_;  // ... which this then does
  Timer timer_;                         // for the reply that waits, or for the end of draining

  ServerRequest request_;
  Instant read_at_{};
  size_t message_bytes_ = 0;     // of the current request, as far as it has come
  bool head_seen_ = false;       // ... and its head is complete
  bool complete_ = false;        // ... and all of it is there
  bool wants_continue_ = false;  // ... and its sender waits for a 100 before it sends the body
  int refusal_ = 0;              // ... and it is refused with this status
  std::string refusal_text_;

  std::string out_;                   // replies not yet given to the kernel
  Reply large_;                       // the last of them, when its body is sent from where it lies
  Reply later_;                       // the reply that waits for its instant
  std::unique_ptr<BodyStream> body_;  // of the reply that goes out piece by piece
  std::string piece_;
  std::string backlog_;  // bytes read while busy
  bool sending_ = false;
  bool waiting_ = false;
  bool client_ended_ = false;  // the client has closed its side
  bool paused_ = false;        // reading is paused, the backlog being full
  bool draining_ = false;      // the last reply is out; what still comes is dropped
  Ending ending_ = Ending::kNone;
};

}  // namespace perigee::http
