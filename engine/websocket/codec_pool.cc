#include "engine/websocket/codec_pool.h"

#include <utility>

namespace perigee::websocket {
namespace {

// What is kept of memory that is not in use.
constexpr size_t kMostBuffers = 64;
constexpr size_t kLargestBuffer = 64 * 1024;
constexpr size_t kMostInflaters = 64;

}  // namespace

std::unique_ptr<std::string> CodecPool::take_buffer() {
  if (buffers_.empty()) return std::make_unique<std::string>();
  std::unique_ptr<std::string> buffer = std::move(buffers_.back());
  buffers_.pop_back();
  return buffer;
}

void CodecPool::give_back(std::unique_ptr<std::string> buffer) {
  if (buffers_.size() == kMostBuffers || buffer->capacity() > kLargestBuffer) return;
  buffer->clear();
  buffers_.push_back(std::move(buffer));
}

std::unique_ptr<MessageInflater> CodecPool::take_inflater() {
  if (inflaters_.empty()) return std::make_unique<MessageInflater>(kMostWindowBits, false);
  std::unique_ptr<MessageInflater> inflater = std::move(inflaters_.back());
  inflaters_.pop_back();
  return inflater;
}

void CodecPool::give_back(std::unique_ptr<MessageInflater> inflater) {
  if (inflaters_.size() == kMostInflaters) return;
  inflater->reset();
  inflaters_.push_back(std::move(inflater));
}

MessageDeflater& CodecPool::deflater(int window_bits) {
  auto& deflater = deflaters_.at(static_cast<size_t>(window_bits));
  if (!deflater) deflater = std::make_unique<MessageDeflater>(window_bits, false);
  return *deflater;
}

}  // namespace perigee::websocket
