#include "engine/websocket/message_deflate.h"

#include <algorithm>
#include <new>

#include <zlib.h>

#include "engine/base/check.h"

namespace perigee::websocket {
namespace {

// How a block ends that is flushed; the sender leaves it out.
constexpr std::string_view kFlush("\0\0\xff\xff", 4);
// As fast as it gets: a load generator sends, it does not archive.
constexpr int kLevel = 1;
// How much room is made at a time: room is cleared first, which small messages need not pay for.
constexpr size_t kLeastRoom = 128;
constexpr size_t kMostRoom = 64 * 1024;

Bytef* as_bytes(const char* bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes));
}

void set_input(z_stream& stream, std::string_view bytes) {
  stream.next_in = as_bytes(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
}

}  // namespace

// zlib has no windows of 8 bits, but its distances with 9 stay below 256 as well: it looks ahead
// 262 bytes.
MessageDeflater::MessageDeflater(int window_bits, bool keep_context)
    : stream_(std::make_unique<z_stream>()), keep_context_(keep_context) {
  const int bits = std::max(window_bits, 9);
  if (deflateInit2(stream_.get(), kLevel, Z_DEFLATED, -bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

MessageDeflater::~MessageDeflater() {
  deflateEnd(stream_.get());
}

std::string_view MessageDeflater::pack(std::string_view message) {
  // zlib does not flush twice when nothing lies between; this is an empty block.
  if (message.empty()) return packed_.assign(1, '\0');
  packed_.clear();
  set_input(*stream_, message);
  do {
    const size_t before = packed_.size();
    packed_.resize(before + std::clamp(message.size() / 2, kLeastRoom, kMostRoom));
    stream_->next_out = as_bytes(packed_.data() + before);
    stream_->avail_out = static_cast<uInt>(packed_.size() - before);
    deflate(stream_.get(), Z_SYNC_FLUSH);
    packed_.resize(packed_.size() - stream_->avail_out);
  } while (stream_->avail_out == 0);
  PERIGEE_CHECK(packed_.ends_with(kFlush));
  if (!keep_context_) deflateReset(stream_.get());
  return std::string_view(packed_).substr(0, packed_.size() - kFlush.size());
}

MessageInflater::MessageInflater(int window_bits, bool keep_context)
    : stream_(std::make_unique<z_stream>()), keep_context_(keep_context) {
  if (inflateInit2(stream_.get(), -window_bits) != Z_OK) throw std::bad_alloc();
}

MessageInflater::~MessageInflater() {
  inflateEnd(stream_.get());
}

MessageInflater::Result MessageInflater::unpack(std::string_view bytes, std::string& message,
                                                size_t limit) {
  if (ended_) return Result::kOk;
  set_input(*stream_, bytes);
  const size_t room = std::clamp(4 * bytes.size(), kLeastRoom, kMostRoom);
  do {
    const size_t before = message.size();
    message.resize(before + room);
    stream_->next_out = as_bytes(message.data() + before);
    stream_->avail_out = static_cast<uInt>(room);
    const int status = inflate(stream_.get(), Z_SYNC_FLUSH);
    message.resize(message.size() - stream_->avail_out);
    if (message.size() > limit) return Result::kTooLarge;
    if (status == Z_STREAM_END) {
      ended_ = true;
      return Result::kOk;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) return Result::kDamaged;
  } while (stream_->avail_out == 0);
  return Result::kOk;
}

MessageInflater::Result MessageInflater::finish(std::string& message, size_t limit) {
  const Result result = unpack(kFlush, message, limit);
  // A stream that has ended has no context either.
  if (!keep_context_ || ended_) reset();
  return result;
}

void MessageInflater::reset() {
  inflateReset(stream_.get());
  ended_ = false;
}

}  // namespace perigee::websocket
