#include "engine/base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace perigee {
namespace {

// What may follow a first byte: Unicode's table of well-formed sequences.
struct Lead {
  size_t size;  // of the character; 0 if no character begins so
  uint8_t second_min;
  uint8_t second_max;
};

Lead lead_of(uint8_t byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xc2 || byte > 0xf4) return {0, 0, 0};
  if (byte < 0xe0) return {2, 0x80, 0xbf};
  if (byte == 0xe0) return {3, 0xa0, 0xbf};
  if (byte == 0xed) return {3, 0x80, 0x9f};  // above lie the surrogates
  if (byte < 0xf0) return {3, 0x80, 0xbf};
  if (byte == 0xf0) return {4, 0x90, 0xbf};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {4, 0x80, 0xbf};
}

}  // namespace

Utf8Part first_utf8_part(std::string_view text) {
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(text[at]); };
  const Lead lead = lead_of(byte(0));
  if (lead.size == 0) return {1, false};
  for (size_t at = 1; at < lead.size; ++at) {
    const uint8_t min = at == 1 ? lead.second_min : 0x80;
    const uint8_t max = at == 1 ? lead.second_max : 0xbf;
    if (at == text.size() || byte(at) < min || byte(at) > max) return {at, false};
  }
  return {lead.size, true};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto* const other =
        std::find_if(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
    text.remove_prefix(static_cast<size_t>(other - text.begin()));
    if (text.empty()) break;
    const Utf8Part part = first_utf8_part(text);
    if (!part.valid) return false;
    text.remove_prefix(part.size);
  }
  return true;
}

bool is_utf16(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
  if (text.size() < 4) return false;
  const bool zeros_first = text[0] == 0 && text[2] == 0 && text[1] != 0 && text[3] != 0;
  const bool zeros_last = text[1] == 0 && text[3] == 0 && text[0] != 0 && text[2] != 0;
  return zeros_first || zeros_last;
}

}  // namespace perigee
