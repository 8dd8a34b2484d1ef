// What one side of an HTTP/2 connection says of itself, and how it behaves.
#pragma once

#include <cstdint>

namespace perigee::http2 {

enum class Role : uint8_t { kClient, kServer };

struct ConnectionSettings {
  Role role = Role::kClient;
  // Streams that a client may have open at a time.
  uint32_t max_streams = 100;
  // ... as a client reckons with until the server has said it.
  uint32_t expected_streams = 100;
  // Bytes that the peer may send unread: by stream, and in all. Data is taken as it comes, so that
  // nothing piles up behind a large window: the connection's never holds anything back, and one
  // stream's fills a link of 3 Gbit/s at 10 ms. It is the one of k6 (of Go), for a server to see
  // the same client.
  int32_t stream_window = 4 << 20;
  int32_t connection_window = 1 << 30;
  // Streams get no further window than `Connection::consume` gives them.
  bool manual_windows = false;
  // Bytes of a head that are kept; the peer is told.
  uint32_t max_head = 64 * 1024;
  // `StreamEvents::on_frame_...` are called.
  bool reports_frames = false;
};

}  // namespace perigee::http2
