#include "engine/http/http2_fields.h"

#include <algorithm>
#include <functional>

#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

constexpr size_t kPseudoFields = 4;  // :method, :scheme, :authority, :path
enum Pseudo : size_t { kMethod, kScheme, kAuthority, kPath };

// `name` is in lower case.
bool of_connection(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 2:
      return name == "te" && !same_ignoring_case(value, "trailers");
    case 7:
      return name == "upgrade";
    case 10:
      return name == "connection" || name == "keep-alive";
    case 14:
      return name == "http2-settings";
    case 16:
      return name == "proxy-connection";
    case 17:
      return name == "transfer-encoding";
    default:
      return false;
  }
}

}  // namespace

std::span<const http2::Field> Http2Fields::of(std::string_view head, bool tls) {
  std::unique_ptr<Entry>& entry = entries_[std::hash<std::string_view>()(head) % entries_.size()];
  if (entry == nullptr) entry = std::make_unique<Entry>();
  if (entry->text != head) entry->read(head);
  entry->fields[kScheme].value = tls ? "https" : "http";
  return entry->fields;
}

void Http2Fields::Entry::read(std::string_view head) {
  text = head;
  names.clear();
  names.reserve(head.size());  // so that it stays where it is while fields are added
  const std::string_view line = std::string_view(text).substr(0, text.find("\r\n"));
  const size_t method_end = line.find(' ');
  const size_t target_end = line.rfind(' ');
  fields.assign(kPseudoFields, {});
  fields[kMethod] = {":method", line.substr(0, method_end)};
  fields[kScheme] = {":scheme", {}};
  fields[kAuthority] = {":authority", {}};
  fields[kPath] = {":path", line.substr(method_end + 1, target_end - method_end - 1)};
  HeaderFields reader(std::string_view(text).substr(line.size() + 2));
  while (const auto header = reader.next())
    add(header->name, header->value);
}

void Http2Fields::Entry::add(std::string_view name, std::string_view value) {
  const size_t start = names.size();
  for (const char c : name)
    names.push_back(to_lower(c));
  const std::string_view lower = std::string_view(names).substr(start);
  if (lower == "host") {
    fields[kAuthority].value = value;
  } else if (!of_connection(lower, value)) {
    fields.push_back({lower, value});
  }
}

}  // namespace perigee::http
