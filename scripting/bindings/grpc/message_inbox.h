// Messages of a stream that have come and that its script has not taken yet.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace perigee {

class GrpcMessageInbox {
 public:
  struct Message {
    std::string_view bytes;
    Instant at;  // when its last bytes were read
  };

  void clear() {
    bytes_.clear();
    messages_.clear();
    begin_ = 0;
  }
  void add(std::string_view bytes, Instant at) {
    bytes_.append(bytes);
    messages_.push_back({bytes.size(), at});
  }
  bool empty() const { return messages_.empty(); }
  // Bytes that lie there.
  size_t size() const { return bytes_.size() - begin_; }
  // The first one; needs that there is one.
  Message front() const {
    return {std::string_view(bytes_).substr(begin_, messages_.front().size), messages_.front().at};
  }
  void pop() {
    begin_ += messages_.front().size;
    messages_.pop_front();
    if (messages_.empty()) return clear();
    if (begin_ < kSlack) return;
    bytes_.erase(0, begin_);
    begin_ = 0;
  }

 private:
  // What has been taken is dropped when it is so much.
  static constexpr size_t kSlack = 256 * 1024;

  struct Entry {
    size_t size;
    Instant at;
  };

  std::string bytes_;  // of all messages, one behind the other
  size_t begin_ = 0;   // of the first that has not been taken
  std::deque<Entry> messages_;
};

}  // namespace perigee
