#include "engine/tensor/text_list.h"

#include <cstdint>
#include <cstring>

namespace perigee {

std::optional<std::string_view> TextReader::next() {
  uint32_t size = 0;
  if (bytes_.size() < sizeof size) return std::nullopt;
  std::memcpy(&size, bytes_.data(), sizeof size);
  if (size > bytes_.size() - sizeof size) return std::nullopt;
  const std::string_view text = bytes_.substr(sizeof size, size);
  bytes_.remove_prefix(sizeof size + size);
  return text;
}

void append_text(std::string& out, std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof size).append(text);
}

}  // namespace perigee
