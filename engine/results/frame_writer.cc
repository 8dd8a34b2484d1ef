#include "engine/results/frame_writer.h"

#include <bit>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fmt/format.h>
#include <zstd.h>

#include "engine/base/config_error.h"
#include "engine/protobuf/wire_writer.h"
#include "engine/results/crc32c.h"

namespace perigee::results {
namespace {

constexpr int kLevel = 3;

}  // namespace

void FrameWriter::FreeContext::operator()(ZSTD_CCtx_s* context) const {
  ZSTD_freeCCtx(context);
}

FrameWriter::FrameWriter(const std::string& path)
    : file_(open_plain_writer(path)), zstd_(ZSTD_createCCtx()) {
  if (zstd_ == nullptr) throw std::bad_alloc();
  ZSTD_CCtx_setParameter(zstd_.get(), ZSTD_c_compressionLevel, kLevel);
  // Better now than a lost file in the end.
  try {
    file_->write(kMagic);
  } catch (const std::runtime_error& error) {
    throw ConfigError(error.what());
  }
}

void FrameWriter::write(FrameType type, std::string_view message) {
  begin(message.size());
  pack(message, ZSTD_e_flush);
  put(type);
}

void FrameWriter::finish(FrameType type, std::string_view message) {
  begin(message.size());
  pack(message, ZSTD_e_end);
  put(type);
  file_->close();
}

// A reader that unpacks the whole stream finds the messages by their lengths.
void FrameWriter::begin(size_t message_size) {
  frame_.assign(kFrameHead, '\0');
  std::string length;
  protobuf::WireWriter(length).varint(message_size);
  pack(length, ZSTD_e_continue);
}

void FrameWriter::pack(std::string_view bytes, int directive) {
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  size_t left = 1;
  // With more to come it is enough that all has been taken in.
  while (directive == ZSTD_e_continue ? in.pos < in.size : left != 0) {
    const size_t filled = frame_.size();
    frame_.resize(filled + ZSTD_CStreamOutSize());
    ZSTD_outBuffer out{frame_.data(), frame_.size(), filled};
    left = ZSTD_compressStream2(zstd_.get(), &out, &in, static_cast<ZSTD_EndDirective>(directive));
    frame_.resize(out.pos);
    if (ZSTD_isError(left) != 0) {
      throw std::runtime_error(
          fmt::format("can't pack what goes into {}: {}", file_->name(), ZSTD_getErrorName(left)));
    }
  }
}

void FrameWriter::put(FrameType type) {
  static_assert(std::endian::native == std::endian::little);
  frame_[0] = static_cast<char>(type);
  const std::string_view payload = std::string_view(frame_).substr(kFrameHead);
  const auto size = static_cast<uint32_t>(payload.size());
  const uint32_t sum = crc32c(payload, crc32c(std::string_view(frame_).substr(0, 1)));
  std::memcpy(frame_.data() + 1, &size, sizeof size);
  std::memcpy(frame_.data() + 1 + sizeof size, &sum, sizeof sum);
  file_->write(frame_);
}

}  // namespace perigee::results
