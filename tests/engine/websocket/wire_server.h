// A server that opens a WebSocket and then sends what a test wrote down, right or wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/websocket/message_reader.h"

namespace perigee::websocket {

// What one connection is played.
struct WirePlay {
  std::string frames{};      // sent after the handshake
  size_t answers = 0;        // as soon as so many messages and pongs have come ...
  std::string then{};        // ... this is sent, too
  size_t piece = 0;          // bytes sent at a time; 0: all together with the handshake's answer
  std::string fields{};      // further headers of the answer
  std::string answer{};      // instead of the whole answer
  bool hangs_up = false;     // closes as soon as all is sent
  bool half_closes = false;  // ends its own side then, and still reads
};

// What the client has sent.
struct WireRecord {
  std::string request;                // the head of the handshake
  std::vector<std::string> messages;  // unpacked
  std::vector<std::string> pongs;
  std::vector<std::string> pings;
  uint16_t close = 0;     // the code of its close frame; 1005 if that had none, 0 without a frame
  std::string violation;  // how it broke the protocol
};

// Plays one connection on a thread of its own, answers a close that the client begins, and reads
// until the client is gone.
class WireServer {
 public:
  explicit WireServer(WirePlay play);
  ~WireServer();
  WireServer(const WireServer&) = delete;
  WireServer& operator=(const WireServer&) = delete;

  // http, as the client's requests have it.
  std::string url() const;
  // Waits until the connection is over.
  const WireRecord& record();

 private:
  void serve();
  void read_request(int fd);
  void send_all(int fd, std::string_view bytes) const;
  void read_frames(int fd);
  void take(int fd, Incoming& incoming, bool& begun_by_us);

  const WirePlay play_;
  int listener_;
  uint16_t port_ = 0;
  WireRecord record_;
  std::thread thread_;
};

// One frame as a server sends it. `first` is its first byte: the bits and the opcode.
std::string frame(unsigned first, std::string_view payload);
std::string close_frame(unsigned code, std::string_view reason = {});

}  // namespace perigee::websocket
