#include "engine/http/http1_body_writer.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee::http {

Http1BodyWriter::Progress Http1BodyWriter::go_on() {
  const uint64_t enough = written_ + limits::kBodyTurn;
  while (!over_) {
    if (written_ >= enough) return Progress::kPaused;
    BodySource::Piece piece = source_.next();
    if (piece.error) {
      error_ = std::move(piece.error);
      return Progress::kFailed;
    }
    if (piece.bytes.empty()) {
      if (size_ && written_ < *size_) {
        return fail(fmt::format("the body ended after {} of {} bytes", written_, *size_));
      }
      over_ = true;
      if (!end()) return Progress::kWaiting;
    } else if (size_ && piece.bytes.size() > *size_ - written_) {
      return fail(fmt::format("the body has more than {} bytes", *size_));
    } else if (!write(piece.bytes)) {
      return Progress::kWaiting;
    }
  }
  return Progress::kSent;
}

Http1BodyWriter::Progress Http1BodyWriter::fail(std::string text) {
  error_ = {ErrorCode::kGeneric, std::move(text)};
  return Progress::kFailed;
}

bool Http1BodyWriter::write(std::string_view bytes) {
  frame_.clear();
  if (!size_) frame_ = fmt::format("{}{:x}\r\n", written_ == 0 ? "" : "\r\n", bytes.size());
  written_ += bytes.size();
  return stream_.write(frame_, bytes);
}

bool Http1BodyWriter::end() {
  if (size_) return true;
  frame_ = written_ == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n";
  return stream_.write(frame_, {});
}

}  // namespace perigee::http
