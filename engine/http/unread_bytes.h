// The part of a streamed answer that has arrived and that its script has not read.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee::http {

// Pieces in the order of their arrival, each with its instant.
class UnreadBytes {
 public:
  void append(std::string_view bytes, Instant at);

  bool empty() const { return pieces_.empty(); }
  size_t size() const { return bytes_.size() - read_; }

  // The oldest piece, or what is left of it, and when it arrived. Needs one. The view ends with the
  // next call that is not const.
  std::string_view front() const;
  Instant arrived() const { return pieces_.front().at; }
  // Takes bytes off the oldest piece.
  void take(size_t count);

  // Keeps the memory, unless it is a lot.
  void clear();

 private:
  struct Piece {
    size_t size;
    Instant at;
  };

  std::string bytes_;
  size_t read_ = 0;
  std::deque<Piece> pieces_;
};

}  // namespace perigee::http
