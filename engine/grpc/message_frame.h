// The frames of messages within a stream: a byte that says whether it is compressed, four of its
// length, and the message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee::grpc {

inline constexpr size_t kFrameHead = 5;

// Appends what stands before a message of `size` bytes (as it is sent, below 4 GiB).
void append_frame_head(std::string& out, size_t size, bool compressed);
// Sets the size in the head at `begin`, behind which the message ends with `out`.
void set_frame_size(std::string& out, size_t begin);
void append_frame(std::string& out, std::string_view message, bool compressed);

// Cuts frames out of the pieces in which a stream's data comes. A message that lies in one piece is
// not copied.
class FrameReader {
 public:
  // Messages of more bytes, as they are sent, are not read.
  explicit FrameReader(size_t max_size) : max_size_(max_size) {}
  // Begins with another stream.
  void reset(size_t max_size);

  struct Message {
    std::string_view bytes;
    bool compressed;
  };

  // `piece` must stay until `next` has said that there is nothing more. Needs that it has.
  void feed(std::string_view piece) { piece_ = piece; }
  // The next whole message; its bytes end with the next call.
  std::optional<Message> next();

  enum class Fault : uint8_t { kNone, kTooLarge, kBadFlag };
  // After this nothing is read any more.
  Fault fault() const { return fault_; }
  // Bytes of the message that is too large.
  size_t refused_size() const { return size_; }
  // The stream must not end here: only a part of a frame has come.
  bool within_frame() const { return !kept_.empty() && !kept_is_done_; }

 private:
  std::optional<Message> next_kept();
  // Reads the head that `frame` begins with. False: it is not there, or nothing to go on with.
  bool read_head(std::string_view frame);
  // Moves bytes of the piece to those kept, until there are `size`. False if there are not.
  bool fill(size_t size);

  size_t max_size_;
  std::string_view piece_;
  std::string kept_;  // the beginning of a frame that came in several pieces
  bool kept_is_done_ = false;
  size_t size_ = 0;  // of the message at hand
  bool compressed_ = false;
  Fault fault_ = Fault::kNone;
};

}  // namespace perigee::grpc
