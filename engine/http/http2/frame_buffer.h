// The buffers in which the HTTP/2 connections of a thread put together what they send.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <nghttp2/nghttp2.h>

#include "engine/http/http2/block_pool.h"

namespace perigee::http2 {

// A session of nghttp2 has 16 KB for the frame that it is packing, two thirds of its memory.
// Between two frames nothing lies there: `nghttp2_session_mem_send` packs a frame and hands it out
// whole, and whoever has copied it is done with the buffer. So the sessions of a thread share one.
//
// What follows of a head that does not fit into one frame (CONTINUATION) waits in further buffers,
// which nghttp2 allocates as it needs them; these are the session's own.
//
// Lifetime: as long as one of the sessions.
class FrameBuffer {
 public:
  // That of this thread.
  static std::shared_ptr<FrameBuffer> shared();

  // Gives `out`, which is empty, the memory that is kept for what goes out in one piece.
  void lend(std::string& out) { out.swap(kept_); }
  // Takes it back, with what it has grown to, and leaves `out` empty and without any.
  void give_back(std::string& out);

  // Stands on the stack while a session is made, which has the buffer then.
  class Loan {
   public:
    explicit Loan(FrameBuffer& buffer) : buffer_(buffer) { buffer_.offered_ = true; }
    ~Loan() { buffer_.offered_ = false; }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;

    // What the session is to allocate with.
    nghttp2_mem memory();

   private:
    FrameBuffer& buffer_;
  };

  // Stands on the stack while a session packs frames, until the last one has been copied. No other
  // session of the thread may do so meanwhile.
  class Use {
   public:
    explicit Use(FrameBuffer& buffer);
    ~Use() { buffer_.used_ = false; }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    FrameBuffer& buffer_;
  };

 private:
  struct Functions;  // nghttp2's

  // A frame of the size that every peer takes, its head and a byte for padding.
  std::array<uint8_t, 16 * 1024 + 10> bytes_;
  BlockPool blocks_;  // of all that sessions allocate, but for what they reallocate
  std::string kept_;  // empty; lent while a connection gathers frames, and until these are sent
  bool offered_ = false;
  bool used_ = false;
};

}  // namespace perigee::http2
