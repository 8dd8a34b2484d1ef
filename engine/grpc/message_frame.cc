#include "engine/grpc/message_frame.h"

#include <algorithm>

namespace perigee::grpc {

void append_frame_head(std::string& out, size_t size, bool compressed) {
  out += compressed ? '\1' : '\0';
  for (const int shift : {24, 16, 8, 0})
    out += static_cast<char>(size >> shift & 0xff);
}

void set_frame_size(std::string& out, size_t begin) {
  const size_t size = out.size() - begin - kFrameHead;
  for (size_t i = 1; i < kFrameHead; ++i)
    out[begin + i] = static_cast<char>(size >> (8 * (kFrameHead - 1 - i)) & 0xff);
}

void append_frame(std::string& out, std::string_view message, bool compressed) {
  append_frame_head(out, message.size(), compressed);
  out += message;
}

void FrameReader::reset(size_t max_size) {
  max_size_ = max_size;
  piece_ = {};
  kept_.clear();
  kept_is_done_ = false;
  fault_ = Fault::kNone;
}

std::optional<FrameReader::Message> FrameReader::next() {
  if (kept_is_done_) {
    kept_.clear();
    kept_is_done_ = false;
  }
  if (fault_ != Fault::kNone || piece_.empty()) return std::nullopt;
  if (!kept_.empty()) return next_kept();
  const bool head = read_head(piece_);
  if (fault_ != Fault::kNone) return std::nullopt;
  if (!head || piece_.size() < kFrameHead + size_) return next_kept();
  const std::string_view bytes = piece_.substr(kFrameHead, size_);
  piece_.remove_prefix(kFrameHead + size_);
  return Message{bytes, compressed_};
}

std::optional<FrameReader::Message> FrameReader::next_kept() {
  if (!fill(kFrameHead) || !read_head(kept_) || !fill(kFrameHead + size_)) return std::nullopt;
  kept_is_done_ = true;
  return Message{std::string_view(kept_).substr(kFrameHead), compressed_};
}

bool FrameReader::read_head(std::string_view frame) {
  if (frame.size() < kFrameHead) return false;
  compressed_ = frame[0] != 0;
  if (static_cast<unsigned char>(frame[0]) > 1) fault_ = Fault::kBadFlag;
  size_ = 0;
  for (const char c : frame.substr(1, 4))
    size_ = size_ << 8 | static_cast<unsigned char>(c);
  if (size_ > max_size_) fault_ = Fault::kTooLarge;
  return fault_ == Fault::kNone;
}

bool FrameReader::fill(size_t size) {
  const size_t missing = size - std::min(size, kept_.size());
  const std::string_view part = piece_.substr(0, missing);
  kept_ += part;
  piece_.remove_prefix(part.size());
  return kept_.size() >= size;
}

}  // namespace perigee::grpc
