// A TCP connection on a loop.
#pragma once

#include <memory>

#include "engine/loop/loop.h"
#include "engine/net/stream.h"

struct uv_stream_s;
struct uv_tcp_s;

namespace perigee {

// Destroying it closes the connection; no event comes afterwards. The events object must outlive
// it.
class TcpStream final : public Stream {
 public:
  // Starts to connect, from the address `local` unless that is empty. A failure, also one known at
  // once, is told by `on_closed` on a later turn.
  static std::unique_ptr<TcpStream> connect(Loop& loop, const Address& peer, StreamEvents& events,
                                            const Address& local = {});
  // Takes a connection that waits on `listener`; null when there is none or no descriptor is left.
  static std::unique_ptr<TcpStream> accept(Loop& loop, uv_stream_s* listener, StreamEvents& events);

  ~TcpStream() override;
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  bool write(std::string_view head, std::string_view body) override;
  uint64_t bytes_received() const override { return bytes_received_; }
  uint64_t bytes_sent() const override { return bytes_sent_; }
  const Address& peer() const override { return peer_; }

  // From now on `events` is told what happens, instead of the receiver so far.
  void hand_over(StreamEvents& events) { events_ = &events; }
  // Resets the connection instead of closing it in order; takes effect on destruction.
  void reset_on_close() { reset_ = true; }
  // Stops and resumes the delivery of bytes.
  void pause_reading();
  void resume_reading();

 private:
  struct Events;  // the libuv callbacks
  struct PendingWrite;

  TcpStream(Loop& loop, StreamEvents& events);
  // The result is an errno, or 0.
  int bind_to(const Address& local);
  int begin_connect();
  void fail_soon(int error);

  Loop& loop_;
  StreamEvents* events_;
  uv_tcp_s* handle_;
  Address peer_;
  uint64_t bytes_received_ = 0;
  uint64_t bytes_sent_ = 0;
  bool reset_ = false;
  std::unique_ptr<Timer> failure_;  // tells a failure of `connect` itself on a later turn
};

}  // namespace perigee
