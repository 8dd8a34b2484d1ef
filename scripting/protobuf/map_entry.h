// Entries of maps among the bytes of a message, which go in the order of their keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/message_type.h"

namespace perigee {

struct MapEntry {
  size_t begin;  // where it lies in the text
  size_t end;
  uint64_t number;        // the key, if it is a number: as `key_order` has it
  std::string_view text;  // or a string
};

// Integers in the order of their values, as unsigned ones.
uint64_t key_order(uint64_t bits, protobuf::FieldKind kind);

// Puts the entries from `first` on, which are the end of the text, into the order of their keys.
void sort_entries(std::string& text, std::vector<MapEntry>& entries, size_t first);

}  // namespace perigee
