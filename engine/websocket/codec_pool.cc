#include "engine/websocket/codec_pool.h"

#include <utility>

namespace perigee::websocket {

std::unique_ptr<MessageInflater> CodecPool::take_inflater() {
  if (inflaters_.empty()) return std::make_unique<MessageInflater>(kMostWindowBits, false);
  std::unique_ptr<MessageInflater> inflater = std::move(inflaters_.back());
  inflaters_.pop_back();
  return inflater;
}

void CodecPool::give_back(std::unique_ptr<MessageInflater> inflater) {
  inflater->reset();
  inflaters_.push_back(std::move(inflater));
}

MessageDeflater& CodecPool::deflater(int window_bits) {
  auto& deflater = deflaters_.at(static_cast<size_t>(window_bits));
  if (!deflater) deflater = std::make_unique<MessageDeflater>(window_bits, false);
  return *deflater;
}

}  // namespace perigee::websocket
