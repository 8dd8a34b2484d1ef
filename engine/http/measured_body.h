// A streamed body, held to the length that was told for it.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/http/body_source.h"

namespace perigee::http {

// For one request. The source outlives it.
class MeasuredBody {
 public:
  explicit MeasuredBody(BodySource& source) : source_(source), size_(source.size()) {}

  // The source's next piece; an error, too, if the body is shorter or longer than told.
  BodySource::Piece next();
  // Nothing if it is not known.
  const std::optional<uint64_t>& size() const { return size_; }
  uint64_t given() const { return given_; }
  // As many bytes as told have been given.
  bool whole() const { return size_ && given_ == *size_; }

 private:
  BodySource& source_;
  const std::optional<uint64_t> size_;
  uint64_t given_ = 0;
};

}  // namespace perigee::http
