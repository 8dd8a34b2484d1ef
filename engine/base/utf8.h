// UTF-8: which bytes are, and what stands for those that are not.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace perigee {

// What stands for bytes that are not UTF-8.
inline constexpr std::string_view kReplacementCharacter = "\xef\xbf\xbd";

// What a text begins with.
struct Utf8Part {
  size_t size;  // in bytes
  bool valid;   // a character; else bytes that can't begin one, or begin one and break off
};

// The first part of a text that is not empty. Bytes that are no character are cut as Unicode
// recommends and browsers do: as long as they could still have become one.
Utf8Part first_utf8_part(std::string_view text);

bool is_utf8(std::string_view text);

// Whether a text looks like UTF-16: it begins with a byte order mark of that, or with ASCII
// characters that have a zero byte each.
bool is_utf16(std::string_view text);

}  // namespace perigee
