// A header block of HTTP/2 as HPACK writes it (RFC 7541), looked at without unpacking it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/limits.h"

namespace perigee::http2 {

// What nghttp2 unpacks at a time: the connection ends at a name or a value beyond that.
inline constexpr size_t kMaxString = 64 * 1024;

// Whether the block, which may be cut off nowhere, keeps within `limits::kHttp2HeaderBlock` and
// has no name or value above kMaxString, all as they are packed. Nothing if it is malformed.
std::optional<bool> fits_nghttp2(std::string_view block);

// Smaller blocks that change the table of names and values, which both sides keep of a connection,
// as a block that does not fit would have done. What they hold is no response.
std::vector<std::string> split_header_block(std::string_view block);

}  // namespace perigee::http2
