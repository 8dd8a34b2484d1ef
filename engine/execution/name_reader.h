// Options whose value is one of a few names.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "engine/execution/json_reader.h"

namespace perigee {

template <typename Value, size_t kCount>
using Names = std::array<std::pair<std::string_view, Value>, kCount>;

// Sets `value` to what the name under `key` means; leaves it alone if there is none. Throws
// ConfigError for an unknown name, with those there are and the closest.
template <typename Value, size_t kCount>
void read_name(const JsonReader& reader, const char* key, const Names<Value, kCount>& names,
               Value& value) {
  if (!reader.has(key)) return;
  std::string text;
  reader.read(key, text);
  std::vector<std::string_view> known;
  for (const auto& [name, meaning] : names) {
    if (name == text) {
      value = meaning;
      return;
    }
    known.push_back(name);
  }
  reader.fail(key, fmt::format("\"{}\" is none of {}{}", text, fmt::join(known, ", "),
                               did_you_mean(text, known)));
}

}  // namespace perigee
