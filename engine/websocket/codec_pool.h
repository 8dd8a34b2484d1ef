// What the connections of a worker read and write messages with, so that one which is idle needs
// nothing of its own.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/websocket/frame_codec.h"
#include "engine/websocket/message_deflate.h"
#include "engine/websocket/permessage_deflate.h"

namespace perigee::websocket {

// Used by one thread; must outlive the connections.
class CodecPool {
 public:
  explicit CodecPool(uint64_t seed) : frames_(seed) {}

  FrameCodec& frames() { return frames_; }

  // An empty buffer, for what is about to be sent.
  std::unique_ptr<std::string> take_buffer();
  void give_back(std::unique_ptr<std::string> buffer);

  // For one message that shares no context with others.
  std::unique_ptr<MessageInflater> take_inflater();
  void give_back(std::unique_ptr<MessageInflater> inflater);

  // Packs messages by themselves.
  MessageDeflater& deflater(int window_bits);

 private:
  FrameCodec frames_;
  std::vector<std::unique_ptr<std::string>> buffers_;
  std::vector<std::unique_ptr<MessageInflater>> inflaters_;
  std::array<std::unique_ptr<MessageDeflater>, kMostWindowBits + 1> deflaters_;
};

}  // namespace perigee::websocket
