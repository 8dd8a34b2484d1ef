#include "target/inference/binary_data.h"

#include <fmt/format.h>

#include "target/bad_request.h"

namespace perigee {

std::optional<std::string_view> BinaryData::take(size_t size) {
  if (size > bytes_.size()) return std::nullopt;
  const std::string_view taken = bytes_.substr(0, size);
  bytes_.remove_prefix(size);
  return taken;
}

RequestParts split_body(const TargetRequest& request) {
  const std::string_view body = request.body;
  if (!request.has_field(kJsonLengthField)) return {body, {}};
  const std::string_view text = request.field(kJsonLengthField);
  const auto length = parse_number(text);
  if (!length) {
    throw BadRequest(
        fmt::format("{} is \"{}\", not a number of bytes", kJsonLengthField, text.substr(0, 40)));
  }
  if (*length > body.size()) {
    throw BadRequest(
        fmt::format("{} is {}, but the body has {} bytes", kJsonLengthField, *length, body.size()));
  }
  return {body.substr(0, *length), BinaryData(body.substr(*length))};
}

}  // namespace perigee
