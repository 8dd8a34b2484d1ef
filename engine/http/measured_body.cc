#include "engine/http/measured_body.h"

#include <string>
#include <utility>

#include <fmt/format.h>

namespace perigee::http {
namespace {

BodySource::Piece fail(std::string text) {
  return {{}, {ErrorCode::kGeneric, std::move(text)}};
}

}  // namespace

BodySource::Piece MeasuredBody::next() {
  BodySource::Piece piece = source_.next();
  if (piece.error || !size_) {
    given_ += piece.bytes.size();
    return piece;
  }
  if (piece.bytes.empty() && given_ < *size_) {
    return fail(fmt::format("the body ended after {} of {} bytes", given_, *size_));
  }
  if (piece.bytes.size() > *size_ - given_) {
    return fail(fmt::format("the body has more than {} bytes", *size_));
  }
  given_ += piece.bytes.size();
  return piece;
}

}  // namespace perigee::http
