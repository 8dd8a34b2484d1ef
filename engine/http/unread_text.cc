#include "engine/http/unread_text.h"

namespace perigee::http {

void UnreadText::begin(std::string_view content_encoding) {
  clear();
  decoder_ = StreamDecoder::make(content_encoding);
}

bool UnreadText::ready() {
  if (!decoder_) return !bytes_.empty();
  return read_ < text_.size() || decode();
}

bool UnreadText::decode() {
  bool more = true;
  read_ = 0;
  // The last bytes may stand for more than one piece.
  std::string_view none;
  if (decoder_->decode(none, text_)) return true;
  while (more && !bytes_.empty()) {
    std::string_view in = bytes_.front();
    const size_t size = in.size();
    at_ = bytes_.arrived();
    more = !decoder_->decode(in, text_) && !decoder_->error();
    bytes_.take(size - in.size());
  }
  return !text_.empty();
}

std::string_view UnreadText::front() const {
  return decoder_ ? std::string_view(text_).substr(read_) : bytes_.front();
}

void UnreadText::take(size_t count) {
  if (decoder_) {
    read_ += count;
  } else {
    bytes_.take(count);
  }
}

void UnreadText::clear() {
  bytes_.clear();
  text_.clear();
  read_ = 0;
}

}  // namespace perigee::http
