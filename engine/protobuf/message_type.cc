#include "engine/protobuf/message_type.h"

#include <algorithm>
#include <array>

namespace perigee::protobuf {

std::string_view name_of(FieldKind kind) {
  constexpr std::array<std::string_view, 18> kNames{
      "double", "float",  "int32",   "int64",   "uint32",   "uint64",
      "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64",
      "bool",   "string", "bytes",   "enum",    "message",  "group"};
  return kNames[static_cast<size_t>(kind)];
}

WireType wire_type_of(FieldKind kind) {
  switch (kind) {
    case FieldKind::kDouble:
    case FieldKind::kFixed64:
    case FieldKind::kSfixed64:
      return WireType::kFixed64;
    case FieldKind::kFloat:
    case FieldKind::kFixed32:
    case FieldKind::kSfixed32:
      return WireType::kFixed32;
    case FieldKind::kString:
    case FieldKind::kBytes:
    case FieldKind::kMessage:
      return WireType::kLengthDelimited;
    case FieldKind::kGroup:
      return WireType::kGroupStart;
    default:
      return WireType::kVarint;
  }
}

void MessageType::set_fields(std::vector<FieldType> fields) {
  fields_ = std::move(fields);
  std::sort(fields_.begin(), fields_.end(),
            [](const FieldType& a, const FieldType& b) { return a.number < b.number; });
  for (size_t i = 0; i < fields_.size(); ++i)
    by_name_.emplace_back(fields_[i].name, i);
  // A name in the .proto comes before the same name of another field in JSON.
  for (size_t i = 0; i < fields_.size(); ++i)
    by_name_.emplace_back(fields_[i].json_name, i);
  std::stable_sort(by_name_.begin(), by_name_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  has_required = std::any_of(fields_.begin(), fields_.end(),
                             [](const FieldType& field) { return field.required; });
}

const FieldType* MessageType::find(std::string_view name) const {
  const auto found = std::lower_bound(
      by_name_.begin(), by_name_.end(), name,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found != by_name_.end() && found->first == name ? &fields_[found->second] : nullptr;
}

const FieldType* MessageType::find(uint32_t number) const {
  // Most messages number their fields from 1 without a gap.
  const size_t guess = number - size_t{1};
  if (guess < fields_.size() && fields_[guess].number == number) return &fields_[guess];
  const auto found = std::lower_bound(
      fields_.begin(), fields_.end(), number,
      [](const FieldType& field, uint32_t wanted) { return field.number < wanted; });
  return found != fields_.end() && found->number == number ? &*found : nullptr;
}

std::vector<std::string_view> MessageType::field_names() const {
  std::vector<std::string_view> names;
  for (const FieldType& field : fields_)
    names.push_back(field.name);
  return names;
}

}  // namespace perigee::protobuf
