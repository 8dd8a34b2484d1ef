#include "engine/http/http1_body_writer.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"

namespace perigee::http {

Http1BodyWriter::Progress Http1BodyWriter::go_on() {
  const uint64_t enough = body_.given() + limits::kBodyTurn;
  while (!over_) {
    if (body_.given() >= enough) return Progress::kPaused;
    const bool first = body_.given() == 0;
    BodySource::Piece piece = body_.next();
    if (piece.error) {
      error_ = std::move(piece.error);
      return Progress::kFailed;
    }
    over_ = piece.bytes.empty();
    if (!(over_ ? end(first) : write(piece.bytes, first))) return Progress::kWaiting;
  }
  return Progress::kSent;
}

bool Http1BodyWriter::write(std::string_view bytes, bool first) {
  frame_.clear();
  if (!body_.size()) frame_ = fmt::format("{}{:x}\r\n", first ? "" : "\r\n", bytes.size());
  return stream_.write(frame_, bytes);
}

bool Http1BodyWriter::end(bool first) {
  if (body_.size()) return true;
  frame_ = first ? "0\r\n\r\n" : "\r\n0\r\n\r\n";
  return stream_.write(frame_, {});
}

}  // namespace perigee::http
