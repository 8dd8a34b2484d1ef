#include "engine/http/http2/head_filter.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/base/limits.h"
#include "engine/http/http2/header_block.h"

namespace perigee::http2 {
namespace {

constexpr size_t kFrameHead = 9;
constexpr size_t kMaxFrame = 16 * 1024;  // of the payload, as nothing else was announced

enum Type : uint8_t { kHeaders = 1, kSettings = 4, kContinuation = 9 };
enum Flag : uint8_t { kEndStream = 1, kEndHeaders = 4, kPadded = 8, kPriority = 0x20 };

struct FrameHead {
  uint32_t length = 0;
  uint8_t type = 0;
  uint8_t flags = 0;
  int32_t stream = 0;

  bool opens_block() const { return type == kHeaders && (flags & kEndHeaders) == 0; }
};

FrameHead read_head(std::string_view bytes) {
  const auto at = [bytes](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  return {.length = at(0) << 16 | at(1) << 8 | at(2),
          .type = static_cast<uint8_t>(at(3)),
          .flags = static_cast<uint8_t>(at(4)),
          .stream = static_cast<int32_t>((at(5) & 0x7f) << 24 | at(6) << 16 | at(7) << 8 | at(8))};
}

void append_frame(std::string& out, const FrameHead& head, std::string_view payload) {
  const auto size = static_cast<uint32_t>(payload.size());
  const auto stream = static_cast<uint32_t>(head.stream);
  for (const uint32_t byte :
       {size >> 16, size >> 8, size, uint32_t{head.type}, uint32_t{head.flags}, stream >> 24,
        stream >> 16, stream >> 8, stream}) {
    out += static_cast<char>(byte);
  }
  out.append(payload);
}

// The block in HEADERS and as many CONTINUATION frames as it needs.
void append_block(std::string& out, std::string_view block, int32_t stream, uint8_t flags) {
  uint8_t type = kHeaders;
  do {
    const std::string_view payload = block.substr(0, kMaxFrame);
    block.remove_prefix(payload.size());
    const bool last = block.empty();
    append_frame(
        out,
        {.type = type,
         .flags = static_cast<uint8_t>((type == kHeaders ? flags : 0) | (last ? kEndHeaders : 0)),
         .stream = stream},
        payload);
    type = kContinuation;
  } while (!block.empty());
}

// What a HEADERS frame has of the block; nothing if it is malformed.
std::optional<std::string_view> without_padding(std::string_view payload, uint8_t flags) {
  size_t before = 0;
  size_t after = 0;
  if ((flags & kPadded) != 0) {
    if (payload.empty()) return std::nullopt;
    after = static_cast<unsigned char>(payload.front());
    before = 1;
  }
  if ((flags & kPriority) != 0) before += 5;
  if (before + after > payload.size()) return std::nullopt;
  return payload.substr(before, payload.size() - before - after);
}

// The block that these frames carry; nothing if one is malformed.
std::optional<std::string> block_of(std::string_view frames) {
  std::string block;
  while (!frames.empty()) {
    const FrameHead head = read_head(frames);
    std::string_view payload = frames.substr(kFrameHead, head.length);
    frames.remove_prefix(kFrameHead + head.length);
    if (head.type == kHeaders) {
      const auto inner = without_padding(payload, head.flags);
      if (!inner) return std::nullopt;
      payload = *inner;
    }
    block.append(payload);
  }
  return block;
}

}  // namespace

HeadFilter::Piece HeadFilter::take(std::string_view& in) {
  if (given_up_) return {.bytes = std::exchange(in, {})};
  return held_.empty() ? pass(in) : hold(in);
}

// Nearly all bytes go this way, so it costs a few instructions a frame.
HeadFilter::Piece HeadFilter::pass(std::string_view& in) {
  size_t at = std::min<size_t>(left_, in.size());
  left_ -= static_cast<uint32_t>(at);
  while (in.size() - at >= kFrameHead) {
    const FrameHead head = read_head(in.substr(at));
    if (!greeted_ && head.type != kSettings) return give_up();
    greeted_ = true;
    if (head.opens_block()) break;
    const size_t size = kFrameHead + head.length;
    const size_t there = std::min(size, in.size() - at);
    left_ = static_cast<uint32_t>(size - there);
    at += there;
  }
  if (at == 0) return hold(in);
  const Piece piece{.bytes = in.substr(0, at)};
  in.remove_prefix(at);
  return piece;
}

bool HeadFilter::fill(std::string_view& in, size_t size) {
  const size_t more = std::min(size - held_.size(), in.size());
  held_.append(in.substr(0, more));
  in.remove_prefix(more);
  return held_.size() == size;
}

HeadFilter::Piece HeadFilter::hold(std::string_view& in) {
  while (true) {
    if (held_.size() < frame_ + kFrameHead && !fill(in, frame_ + kFrameHead)) return {};
    const FrameHead head = read_head(std::string_view(held_).substr(frame_));
    const bool first = frame_ == 0;
    const int32_t stream = read_head(held_).stream;
    if (first && !head.opens_block()) return release();
    const bool goes_on = first || (head.type == kContinuation && head.stream == stream);
    if (!goes_on || head.length > kMaxFrame || !greeted_) return give_up();
    if (!fill(in, frame_ + kFrameHead + head.length)) return {};
    if ((head.flags & kEndHeaders) != 0) return end_block();
    ++frames_;
    frame_ = held_.size();
    // Many that hold next to nothing are meant to cost time.
    const size_t most_frames = 16 + held_.size() / 1024;
    if (held_.size() > limits::kHttp2HeaderBlockRead || frames_ > most_frames) return give_up();
  }
}

HeadFilter::Piece HeadFilter::release() {
  greeted_ = greeted_ || read_head(held_).type == kSettings;
  if (!greeted_) return give_up();
  left_ = read_head(held_).length;
  out_ = std::exchange(held_, {});
  return {.bytes = out_};
}

HeadFilter::Piece HeadFilter::give_up() {
  given_up_ = true;
  out_ = std::exchange(held_, {});
  return {.bytes = out_};
}

HeadFilter::Piece HeadFilter::end_block() {
  const FrameHead head = read_head(held_);
  const auto block = block_of(held_);
  const auto fits = block ? fits_nghttp2(*block) : std::nullopt;
  if (!fits) return give_up();
  held_.clear();
  held_.shrink_to_fit();
  frame_ = frames_ = 0;
  out_.clear();
  if (*fits) {
    append_block(out_, *block, head.stream, head.flags & kEndStream);
    return {.bytes = out_};
  }
  // The stream is being reset, so its end need not be seen.
  for (const std::string& piece : split_header_block(*block))
    if (!piece.empty()) append_block(out_, piece, head.stream, 0);
  return {.bytes = out_, .refused = head.stream};
}

}  // namespace perigee::http2
