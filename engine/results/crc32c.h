// The checksum of frames.
#pragma once

#include <cstdint>
#include <string_view>

namespace perigee::results {

// CRC32C (Castagnoli) of the bytes that `before` is the checksum of, and these behind them.
uint32_t crc32c(std::string_view bytes, uint32_t before = 0);

}  // namespace perigee::results
