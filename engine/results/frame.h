// The frames of a result file; results.proto says what they look like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace perigee::results {

inline constexpr std::string_view kMagic = "perigee results\n";
inline constexpr uint32_t kVersion = 1;

enum class FrameType : uint8_t { kHeader = 1, kInterval = 2, kEnd = 3 };

// The type, the length of the payload and its checksum.
inline constexpr size_t kFrameHead = 9;
// No frame is longer; one that says so is damaged.
inline constexpr uint32_t kMaxFrame = 256u << 20;

}  // namespace perigee::results
