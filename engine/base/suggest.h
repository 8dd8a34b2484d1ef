// Finds what somebody probably meant: the closest of the known names to a misspelt one.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace perigee {

// The known name closest to `name` (by edit distance, ignoring case), or "" if none is close. Names
// that are `refused`, though they are known elsewhere, are never offered: where one of them is
// closer than all others it was meant, and "" is the answer.
std::string_view closest(std::string_view name, std::span<const std::string_view> known,
                         std::span<const std::string_view> refused = {});

// ` (did you mean "vus"?)` when a known name is close, else "".
std::string did_you_mean(std::string_view name, std::span<const std::string_view> known,
                         std::span<const std::string_view> refused = {});

}  // namespace perigee
