#include "engine/protobuf/json_fault.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "engine/protobuf/type_set.h"

namespace perigee::protobuf {
namespace {

constexpr std::string_view kNoField = ": Cannot find field.";
constexpr std::string_view kInvalid = "invalid value ";
constexpr std::string_view kForType = " for type ";

// "(path) rest" or "(path): rest"; the path may be missing.
struct Placed {
  std::string_view path;
  std::string_view rest;
};

Placed placed(std::string_view status) {
  Placed result{.path = {}, .rest = status};
  const size_t end = status.find(')');
  if (status.starts_with('(') && end != std::string_view::npos) {
    result = {status.substr(1, end - 1), status.substr(end + 1)};
  }
  const size_t begin = result.rest.find_first_not_of(": ");
  result.rest.remove_prefix(std::min(begin, result.rest.size()));
  return result;
}

std::string at(std::string_view path, const std::string& what) {
  return path.empty() ? what : fmt::format("{}: {}", path, what);
}

// The type of the message at a path like "kids[1].value"; null where the path leaves known fields.
const MessageType* type_at(const MessageType& root, std::string_view path) {
  const MessageType* type = &root;
  while (type != nullptr && !path.empty()) {
    std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    step = step.substr(0, step.find('['));
    const FieldType* const field = type->find(step);
    type = field == nullptr ? nullptr : field->message;
  }
  return type;
}

const EnumType* enum_named(const MessageType& root, std::string_view name) {
  return root.types == nullptr ? nullptr : root.types->find_enum(name);
}

std::string no_field(const MessageType& root, const Placed& fault) {
  const std::string_view name = fault.rest.substr(0, fault.rest.size() - kNoField.size());
  const MessageType* const type = type_at(root, fault.path);
  if (type == nullptr) return at(fault.path, fmt::format("there is no field \"{}\"", name));
  const std::vector<std::string_view> known = type->field_names();
  return at(fault.path, fmt::format("there is no field \"{}\" in {}{}", name, type->full_name,
                                    did_you_mean(name, known)));
}

// "TYPE_INT64" is "int64" in a .proto.
std::string type_word(std::string_view type) {
  if (!type.starts_with("TYPE_")) return std::string(type.substr(type.rfind('/') + 1));
  std::string word(type.substr(5));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word;
}

std::string no_enum_value(const EnumType& type, std::string_view found) {
  std::vector<std::string_view> names;
  for (const EnumValue& value : type.values())
    names.emplace_back(value.name);
  std::string_view bare = found;
  if (bare.size() >= 2 && bare.starts_with('"')) bare = bare.substr(1, bare.size() - 2);
  return fmt::format("there is no value {} in {}{}", found, type.full_name,
                     did_you_mean(bare, names));
}

// What a type asks for, where its name does not say it.
std::string_view form_of(std::string_view type) {
  if (type == "bytes") return " (bytes are written in base64)";
  if (type == "google.protobuf.Timestamp") return " (it is a text like \"2026-11-30T07:36:24Z\")";
  if (type == "google.protobuf.Duration") return " (it is a text in seconds like \"1.5s\")";
  return "";
}

std::string bad_value(const MessageType& root, const Placed& fault) {
  const size_t end = fault.rest.rfind(kForType);
  const std::string type = type_word(fault.rest.substr(end + kForType.size()));
  const std::string_view found = fault.rest.substr(kInvalid.size(), end - kInvalid.size());
  if (type == "oneof" || type == "Any") return at(fault.path, std::string(found));
  if (const EnumType* const enumeration = enum_named(root, type)) {
    return at(fault.path, no_enum_value(*enumeration, found));
  }
  return at(fault.path, fmt::format("expected {}, found {}{}", type, found, form_of(type)));
}

}  // namespace

std::string json_fault(const MessageType& type, const std::string& status) {
  const Placed fault = placed(status);
  if (fault.rest.ends_with(kNoField)) return no_field(type, fault);
  const bool invalid =
      fault.rest.starts_with(kInvalid) && fault.rest.rfind(kForType) != std::string_view::npos;
  return invalid ? bad_value(type, fault) : at(fault.path, std::string(fault.rest));
}

}  // namespace perigee::protobuf
