// HTTP/2 frames written and read byte by byte, right or wrong, for raw servers of the tests.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/raw_server.h"

namespace perigee::http2 {

enum Type : uint8_t {
  kData = 0,
  kHeaders = 1,
  kRstStream = 3,
  kSettings = 4,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9
};
enum Flag : uint8_t { kNone = 0, kAck = 1, kEndStream = 1, kEndHeaders = 4 };
enum Setting : uint16_t { kMaxConcurrentStreams = 3, kInitialWindowSize = 4 };
// Error codes.
enum Code : uint32_t {
  kNoError = 0,
  kProtocolError = 1,
  kInternalError = 2,
  kRefusedStream = 7,
  kCancel = 8,
  kEnhanceYourCalm = 11
};

std::string frame(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload = {});

std::string settings(const std::vector<std::pair<Setting, uint32_t>>& values = {});
// A head with these fields in order, e.g. {{":status", "200"}}, in literals only.
using Fields = std::vector<std::pair<std::string, std::string>>;
std::string field_block(const Fields& fields);
std::string headers(uint32_t stream, const Fields& fields, uint8_t flags = kEndHeaders);
std::string data(uint32_t stream, std::string_view bytes, uint8_t flags = kEndStream);
// So many bytes of an answer, in frames of the usual size, which do not end it.
std::string flood(uint32_t stream, size_t size);
std::string rst_stream(uint32_t stream, uint32_t code);
std::string go_away(uint32_t last_stream, uint32_t code, std::string_view debug = {});
std::string window_update(uint32_t stream, uint32_t size);
// A whole answer with this body.
std::string answer(uint32_t stream, std::string_view body);

struct Frame {
  uint8_t type;
  uint8_t flags;
  uint32_t stream;
  std::string payload;
};
// The frames in what a client has sent; its preface is passed over.
std::vector<Frame> frames_of(std::string_view bytes);
// Those of one type.
std::vector<Frame> frames_of(std::string_view bytes, uint8_t type);

// Reads to the end of the `count`-th frame of this type.
RawServer::Step await(uint8_t type, size_t count = 1);
// ... that ends its stream.
RawServer::Step await_request(size_t count = 1);

}  // namespace perigee::http2
