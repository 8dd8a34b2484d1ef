#include "tests/support/http2_frames.h"

#include <algorithm>
#include <iterator>

namespace perigee::http2 {
namespace {

constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr size_t kFrameHead = 9;

// The lowest `bytes` bytes of a number, the highest of them first.
std::string number(uint32_t value, int bytes) {
  std::string text;
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
    text.push_back(static_cast<char>(value >> shift & 0xff));
  return text;
}

uint32_t read_number(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes)
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

// A text of HPACK, without Huffman's code.
std::string literal(std::string_view text) {
  constexpr size_t kPrefix = 127;
  std::string out;
  if (text.size() < kPrefix) {
    out.push_back(static_cast<char>(text.size()));
  } else {
    out.push_back(static_cast<char>(kPrefix));
    size_t rest = text.size() - kPrefix;
    for (; rest >= 128; rest /= 128)
      out.push_back(static_cast<char>(rest % 128 + 128));
    out.push_back(static_cast<char>(rest));
  }
  return out.append(text);
}

struct Walk {
  std::string_view rest;
  size_t taken = 0;

  explicit Walk(std::string_view bytes) : rest(bytes) {
    if (rest.starts_with(kPreface)) skip(kPreface.size());
  }
  // False if the next frame is not whole.
  bool next(Frame& frame) {
    if (rest.size() < kFrameHead) return false;
    const size_t size = read_number(rest.substr(0, 3));
    if (rest.size() < kFrameHead + size) return false;
    frame = {static_cast<uint8_t>(rest[3]), static_cast<uint8_t>(rest[4]),
             read_number(rest.substr(5, 4)), std::string(rest.substr(kFrameHead, size))};
    skip(kFrameHead + size);
    return true;
  }
  void skip(size_t size) {
    rest.remove_prefix(size);
    taken += size;
  }
};

template <typename Wanted>
RawServer::Step await_frames(size_t count, Wanted wanted) {
  return RawServer::read([=](std::string_view bytes) {
    Walk walk(bytes);
    Frame frame{};
    for (size_t seen = 0; seen < count;) {
      if (!walk.next(frame)) return std::string_view::npos;
      if (wanted(frame)) ++seen;
    }
    return walk.taken;
  });
}

}  // namespace

std::string frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload) {
  std::string bytes = number(static_cast<uint32_t>(payload.size()), 3);
  bytes.push_back(static_cast<char>(type));
  bytes.push_back(static_cast<char>(flags));
  return bytes.append(number(stream, 4)).append(payload);
}

std::string settings(const std::vector<std::pair<Setting, uint32_t>>& values) {
  std::string payload;
  for (const auto& [id, value] : values)
    payload.append(number(id, 2)).append(number(value, 4));
  return frame(kSettings, kNone, 0, payload);
}

std::string field_block(const Fields& fields) {
  std::string block;
  for (const auto& [name, value] : fields)
    block.append(1, '\0').append(literal(name)).append(literal(value));
  return block;
}

std::string headers(uint32_t stream, const Fields& fields, uint8_t flags) {
  return frame(kHeaders, flags, stream, field_block(fields));
}

std::string data(uint32_t stream, std::string_view bytes, uint8_t flags) {
  return frame(kData, flags, stream, bytes);
}

std::string flood(uint32_t stream, size_t size) {
  const std::string part(16'384, 'f');
  std::string bytes;
  for (size_t left = size; left > 0; left -= std::min(left, part.size()))
    bytes += data(stream, std::string_view(part).substr(0, left), kNone);
  return bytes;
}

std::string rst_stream(uint32_t stream, uint32_t code) {
  return frame(kRstStream, kNone, stream, number(code, 4));
}

std::string go_away(uint32_t last_stream, uint32_t code, std::string_view debug) {
  return frame(kGoAway, kNone, 0, number(last_stream, 4) + number(code, 4) + std::string(debug));
}

std::string window_update(uint32_t stream, uint32_t size) {
  return frame(kWindowUpdate, kNone, stream, number(size, 4));
}

std::string answer(uint32_t stream, std::string_view body) {
  return headers(stream, {{":status", "200"}}) + data(stream, body);
}

std::vector<Frame> frames_of(std::string_view bytes) {
  std::vector<Frame> frames;
  Walk walk(bytes);
  for (Frame frame{}; walk.next(frame);)
    frames.push_back(frame);
  return frames;
}

std::vector<Frame> frames_of(std::string_view bytes, uint8_t type) {
  std::vector<Frame> frames = frames_of(bytes);
  std::erase_if(frames, [&](const Frame& frame) { return frame.type != type; });
  return frames;
}

RawServer::Step await(uint8_t type, size_t count) {
  return await_frames(count, [=](const Frame& frame) { return frame.type == type; });
}

RawServer::Step await_request(size_t count) {
  return await_frames(count, [](const Frame& frame) {
    return frame.type <= kHeaders && (frame.flags & kEndStream) != 0;
  });
}

}  // namespace perigee::http2
