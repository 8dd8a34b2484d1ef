#include "scripting/protobuf/map_entry.h"

#include <algorithm>
#include <utility>

#include "engine/protobuf/wire_type.h"

namespace perigee {

using protobuf::FieldKind;

namespace {

bool less(const MapEntry& a, const MapEntry& b) {
  return std::pair(a.number, a.text) < std::pair(b.number, b.text);
}

}  // namespace

uint64_t key_order(uint64_t bits, FieldKind kind) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  switch (kind) {
    case FieldKind::kSint32:
    case FieldKind::kSint64:
      return static_cast<uint64_t>(protobuf::from_zigzag(bits)) ^ kSign;
    case FieldKind::kSfixed32:
      return static_cast<uint64_t>(static_cast<int32_t>(bits)) ^ kSign;
    case FieldKind::kInt32:
    case FieldKind::kInt64:
    case FieldKind::kSfixed64:
      return bits ^ kSign;
    default:
      return bits;
  }
}

void sort_entries(std::string& text, std::vector<MapEntry>& entries, size_t first) {
  const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(first);
  if (std::is_sorted(begin, entries.end(), less)) return;
  const size_t from = begin->begin;
  std::sort(begin, entries.end(), less);
  std::string sorted;
  sorted.reserve(text.size() - from);
  for (auto entry = begin; entry != entries.end(); ++entry)
    sorted.append(text, entry->begin, entry->end - entry->begin);
  text.replace(from, std::string::npos, sorted);
}

}  // namespace perigee
