// What gRPC reads of a response's head, or of its trailers.
#pragma once

#include <optional>
#include <string_view>

namespace perigee::grpc {

// The first field of each name; views into the block, in the text of HTTP/1.1.
struct ResponseFields {
  std::string_view content_type{};
  std::string_view encoding{};             // grpc-encoding
  std::optional<std::string_view> status;  // grpc-status
  std::string_view message{};              // grpc-message, as it is sent
  std::string_view details{};              // grpc-status-details-bin, as it is sent
};

// In one pass: every call has two blocks.
ResponseFields read_response_fields(std::string_view block);

}  // namespace perigee::grpc
