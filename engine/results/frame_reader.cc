#include "engine/results/frame_reader.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include <fmt/format.h>
#include <zstd.h>

#include "engine/base/config_error.h"
#include "engine/protobuf/wire_reader.h"
#include "engine/results/crc32c.h"

namespace perigee::results {

void FrameReader::FreeContext::operator()(ZSTD_DCtx_s* context) const {
  ZSTD_freeDCtx(context);
}

FrameReader::FrameReader(const std::string& path)
    : path_(path), file_(path, std::ios::binary), zstd_(ZSTD_createDCtx()) {
  if (zstd_ == nullptr) throw std::bad_alloc();
  if (!file_) {
    throw ConfigError(
        fmt::format("can't open {}: {}", path, std::generic_category().message(errno)));
  }
  std::string magic(kMagic.size(), '\0');
  file_.read(magic.data(), static_cast<std::streamsize>(magic.size()));
  if (!file_ || magic != kMagic) {
    throw ConfigError(fmt::format("{} is no result file (perigee run --out results=FILE)", path));
  }
  at_ = magic.size();
}

FrameReader::~FrameReader() = default;

bool FrameReader::next(FrameType& type, std::string& message) {
  std::array<char, kFrameHead> head{};
  if (!file_.read(head.data(), head.size())) return false;
  uint32_t size = 0;
  uint32_t sum = 0;
  std::memcpy(&size, head.data() + 1, sizeof size);
  std::memcpy(&sum, head.data() + 1 + sizeof size, sizeof sum);
  if (size > kMaxFrame) refuse(fmt::format("says to be {} bytes long", size));
  std::string payload(size, '\0');
  if (!file_.read(payload.data(), size)) return false;
  if (crc32c(payload, crc32c({head.data(), 1})) != sum) refuse("does not match its checksum");
  type = static_cast<FrameType>(head[0]);
  unpack(payload, message);
  at_ += head.size() + size;
  return true;
}

void FrameReader::unpack(const std::string& payload, std::string& message) {
  std::string bytes;
  ZSTD_inBuffer in{payload.data(), payload.size(), 0};
  bool full = false;  // then more may have to come out
  while (in.pos < in.size || full) {
    const size_t filled = bytes.size();
    if (filled > kMaxFrame) refuse("unpacks to more than any does");
    bytes.resize(filled + ZSTD_DStreamOutSize());
    ZSTD_outBuffer out{bytes.data(), bytes.size(), filled};
    const size_t left = ZSTD_decompressStream(zstd_.get(), &out, &in);
    full = out.pos == out.size;
    bytes.resize(out.pos);
    if (ZSTD_isError(left) != 0)
      refuse(fmt::format("can't be unpacked: {}", ZSTD_getErrorName(left)));
    if (left == 0 && in.pos < in.size) refuse("goes on behind the end of its stream");
  }
  protobuf::WireCursor cursor(bytes);
  const std::string_view whole = cursor.bytes();
  if (cursor.failed() || !cursor.done()) refuse("holds no message of its length");
  message.assign(whole);
}

void FrameReader::refuse(const std::string& reason) const {
  throw ConfigError(fmt::format("{} is damaged: its frame at byte {} {}", path_, at_, reason));
}

}  // namespace perigee::results
