#include "engine/grpc/message_decoder.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "engine/http/content_coding.h"

namespace perigee::grpc {

void MessageDecoder::begin(std::string_view encoding) {
  if (encoding == encoding_) return;
  encoding_ = encoding;
  decoder_.reset();
}

bool MessageDecoder::find_decoder() {
  const auto coding = http::find_content_coding(encoding_);
  if (!decoder_ && coding) decoder_ = http::ContentDecoder::make(*coding);
  return decoder_ != nullptr;
}

Status MessageDecoder::decode(std::string_view packed, size_t max_size) {
  if (encoding_.empty() || encoding_ == "identity") {
    return {Code::kInternal, "a message is compressed, but no grpc-encoding says how"};
  }
  if (find_decoder()) return run(packed, max_size);
  return {Code::kUnimplemented,
          fmt::format("a message has the unknown grpc-encoding \"{}\"", encoding_)};
}

Status MessageDecoder::run(std::string_view packed, size_t max_size) {
  decoder_->reset();
  message_.clear();
  const char* fault = nullptr;
  bool full = true;
  while (fault == nullptr && (full || !packed.empty())) {
    const size_t size = message_.size();
    message_.resize(size + std::clamp<size_t>(packed.size() * 4, 1024, 256 * 1024));
    std::span<uint8_t> room(reinterpret_cast<uint8_t*>(message_.data()) + size,
                            message_.size() - size);
    fault = decoder_->decode(packed, room);
    full = room.empty();
    message_.resize(message_.size() - room.size());
    if (message_.size() > max_size) {
      return {Code::kResourceExhausted,
              fmt::format("a message unpacks to more than {} bytes", max_size)};
    }
  }
  if (fault == nullptr && !decoder_->ended()) fault = http::kDataEndsEarly;
  if (fault == nullptr) return {};
  return {Code::kInternal, fmt::format("a message can't be unpacked ({}): {}", encoding_, fault)};
}

}  // namespace perigee::grpc
