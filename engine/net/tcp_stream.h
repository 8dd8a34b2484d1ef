// A TCP connection on a loop.
#pragma once

#include <memory>

#include "engine/loop/loop.h"
#include "engine/net/stream.h"

struct uv_stream_s;
struct uv_tcp_s;

namespace perigee {

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
  void hand_over(StreamEvents& events) override { events_ = &events; }
  void pause_reading() override;
  void resume_reading() override;
  void reset_on_close() override { reset_ = true; }
  bool peer_closed() const override;
  bool untaken_since(uint64_t mark) const override;
  const Address& peer() const override { return peer_; }

 private:
  struct Events;  // the libuv callbacks
  struct PendingWrite;

  TcpStream(Loop& loop, StreamEvents& events);
  // The result is an errno, or 0.
  int bind_to(const Address& local);
  int begin_connect();
  // The socket, or -1 where there is none any more.
  int descriptor() const;
  void fail_soon(int error);
  void fail_write(int error);
  void end_reading(int error);

  Loop& loop_;
  StreamEvents* events_;
  uv_tcp_s* handle_;
  Address peer_;
  bool reset_ = false;
  bool reading_ = false;
  int write_error_ = 0;             // to be told behind what can still be read
  std::unique_ptr<Timer> failure_;  // tells a failure that is known at once on a later turn
};

}  // namespace perigee
