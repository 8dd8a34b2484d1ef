#include "engine/http/body_decoder.h"

#include <algorithm>
#include <span>
#include <utility>

namespace perigee::http {
namespace {

constexpr const char* kTooLarge = "it grows beyond the largest body that is kept";

// Room for what a decoder writes: grows twofold, up to a bound.
class Output {
 public:
  Output(std::string& out, size_t expected, size_t max) : out_(out), max_(max) {
    out_.resize(std::clamp<size_t>(expected, std::min<size_t>(1024, max), max));
  }
  // False if there may be no more.
  bool make_room() {
    if (used_ < out_.size()) return true;
    if (out_.size() >= max_) return false;
    out_.resize(std::min(max_, out_.size() * 2));
    return true;
  }
  std::span<uint8_t> room() {
    return {reinterpret_cast<uint8_t*>(out_.data()) + used_, out_.size() - used_};
  }
  // All of the room but this is used.
  void left(std::span<const uint8_t> room) { used_ = out_.size() - room.size(); }
  void finish() { out_.resize(used_); }

 private:
  std::string& out_;
  const size_t max_;
  size_t used_ = 0;
};

// Text compresses to about a quarter.
size_t expected_size(std::string_view in) {
  return 4 * in.size();
}

}  // namespace

ContentDecoder& BodyDecoder::decoder(ContentCoding coding) {
  std::unique_ptr<ContentDecoder>& decoder = decoders_.at(static_cast<size_t>(coding));
  if (decoder == nullptr) {
    decoder = ContentDecoder::make(coding);
  } else {
    decoder->reset();
  }
  return *decoder;
}

const char* BodyDecoder::decode_one(ContentCoding coding, std::string_view in, std::string& out,
                                    size_t max) {
  ContentDecoder& decoder = this->decoder(coding);
  Output output(out, expected_size(in), max);
  while (true) {
    // Nothing fits, but nothing may be left to come either.
    const bool full = !output.make_room();
    std::span<uint8_t> room = output.room();
    const char* const problem = decoder.decode(in, room);
    if (problem != nullptr) return full ? kTooLarge : problem;
    output.left(room);
    if (in.empty() && (full ? decoder.ended() : !room.empty())) break;
    if (full) return kTooLarge;
  }
  output.finish();
  return decoder.ended() ? nullptr : kDataEndsEarly;
}

Error BodyDecoder::decode(std::string_view content_encoding, std::string& body, size_t max_size) {
  std::string decoded;
  std::string next;
  bool changed = false;
  const std::vector<ContentCoding> codings = codings_to_undo(content_encoding);
  for (size_t i = 0; i < codings.size(); ++i) {
    const std::string& in = changed ? decoded : body;
    if (in.empty()) break;
    if (i == limits::kContentCodings) return decompression_error(codings[i], kTooManyCodings);
    if (const char* problem = decode_one(codings[i], in, next, max_size)) {
      return decompression_error(codings[i], problem);
    }
    std::swap(decoded, next);
    changed = true;
  }
  if (changed) body = std::move(decoded);
  return {};
}

}  // namespace perigee::http
