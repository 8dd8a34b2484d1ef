// WebSocket frames from bytes and to bytes. The one place that knows wslay.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/random_generator.h"
#include "engine/websocket/frame.h"

namespace perigee::websocket {

// What the frames of a worker's connections are read and written with, so that an open connection
// needs no buffers of its own. Used by one thread; must outlive every FrameReader on it.
class FrameCodec {
 public:
  explicit FrameCodec(uint64_t seed);
  ~FrameCodec();
  FrameCodec(const FrameCodec&) = delete;
  FrameCodec& operator=(const FrameCodec&) = delete;

  // Appends one frame to `out`; a client's is masked. Control frames must keep to `kMostControl`.
  void write(std::string& out, Role role, const FrameHead& head, std::string_view payload);

 private:
  friend class FrameReader;
  class Machine;

  std::unique_ptr<Machine> take();
  void give_back(std::unique_ptr<Machine> machine);

  std::unique_ptr<Machine> writer_;
  std::vector<std::unique_ptr<Machine>> idle_;
};

// Takes the bytes of one direction of a connection apart.
class FrameReader {
 public:
  // Receives frames in parts. Must not destroy the reader from within.
  class Events {
   public:
    virtual ~Events() = default;
    // Each returns whether to go on.
    virtual bool on_frame(const FrameHead& head) = 0;
    virtual bool on_payload(std::string_view bytes) = 0;
    virtual bool on_frame_end() = 0;
  };

  FrameReader(FrameCodec& codec, Events& events);
  ~FrameReader();
  FrameReader(const FrameReader&) = delete;
  FrameReader& operator=(const FrameReader&) = delete;

  // Reads all of `bytes`. False if they break the protocol or an event said to stop: nothing more
  // may be fed then.
  bool feed(std::string_view bytes);

 private:
  bool read_frames(FrameCodec::Machine& machine);

  FrameCodec& codec_;
  Events& events_;
  std::unique_ptr<FrameCodec::Machine> machine_;  // only within a frame
  uint64_t unread_ = 0;                           // bytes fed that belong to no frame seen so far
  uint64_t left_ = 0;                             // of the payload of the frame at hand
  bool in_frame_ = false;
};

}  // namespace perigee::websocket
