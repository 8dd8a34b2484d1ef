#include "engine/http/unread_bytes.h"

namespace perigee::http {
namespace {

constexpr size_t kKeptMemory = 16 * 1024;

}  // namespace

void UnreadBytes::append(std::string_view bytes, Instant at) {
  if (bytes.empty()) return;
  // What has been read goes when it is worth moving the rest.
  if (read_ > kKeptMemory && read_ > bytes_.size() / 2) {
    bytes_.erase(0, read_);
    read_ = 0;
  }
  bytes_.append(bytes);
  pieces_.push_back({bytes.size(), at});
}

std::string_view UnreadBytes::front() const {
  return std::string_view(bytes_).substr(read_, pieces_.front().size);
}

void UnreadBytes::take(size_t count) {
  read_ += count;
  pieces_.front().size -= count;
  if (pieces_.front().size == 0) pieces_.pop_front();
  if (pieces_.empty()) clear();
}

void UnreadBytes::clear() {
  bytes_.clear();
  if (bytes_.capacity() > kKeptMemory) bytes_.shrink_to_fit();
  read_ = 0;
  pieces_.clear();
}

}  // namespace perigee::http
