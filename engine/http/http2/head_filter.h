// Stands before nghttp2, which ends a connection when one head is too large: lets only the stream
// end whose head it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace perigee::http2 {

// A head is too large for nghttp2 only if it goes on in CONTINUATION frames. Such a head is kept
// back until it is whole, and then given on: as it is in as few frames as it needs, or, where it is
// too large, in parts that keep nghttp2's table of fields right. All other bytes pass as they are.
class HeadFilter {
 public:
  struct Piece {
    std::string_view bytes{};  // for nghttp2; valid until the next call
    int32_t refused = 0;       // the stream whose head it is, which is too large; 0: of none
  };

  // Takes bytes off the front of `in`; to be called until it is empty.
  Piece take(std::string_view& in);

 private:
  Piece pass(std::string_view& in);
  Piece hold(std::string_view& in);
  // Moves bytes to `held_` until it has `size` of them; false if there are not enough.
  bool fill(std::string_view& in, size_t size);
  // What is held is no head: gives it on, or all that comes.
  Piece release();
  Piece give_up();
  Piece end_block();

  std::string held_;       // what nghttp2 has not been given yet
  std::string out_;        // what it has been given instead
  size_t frame_ = 0;       // where in `held_` the frame at hand begins
  size_t frames_ = 0;      // that `held_` has whole
  uint32_t left_ = 0;      // of the payload of a frame that passes
  bool greeted_ = false;   // the first frame was SETTINGS
  bool given_up_ = false;  // nghttp2 is to complain itself
};

}  // namespace perigee::http2
