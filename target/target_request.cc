#include "target/target_request.h"

#include <strings.h>

namespace perigee {
namespace {

// An absolute target ("http://host/path", as proxies get it) names a path all the same.
std::string_view without_authority(std::string_view target) {
  const size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const size_t path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && strncasecmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

bool next_field(std::string_view& fields, std::string_view& name, std::string_view& value) {
  while (!fields.empty()) {
    const size_t end = fields.find('\n');
    const std::string_view line = fields.substr(0, end);
    fields.remove_prefix(end == std::string_view::npos ? fields.size() : end + 1);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    name = line.substr(0, colon);
    value = trimmed(line.substr(colon + 1));
    return true;
  }
  return false;
}

void TargetRequest::assign(const http::Http1Head& head) {
  body.clear();
  head_.clear();
  head_.reserve(head.method.size() + head.target.size() + head.fields.size());
  head_.append(head.method).append(head.target).append(head.fields);
  const std::string_view all = head_;
  method_ = all.substr(0, head.method.size());
  const std::string_view target = without_authority(all.substr(method_.size(), head.target.size()));
  fields_ = all.substr(head.method.size() + head.target.size());
  const size_t mark = target.find_first_of("?#");
  path_ = target.substr(0, mark);
  query_ = mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1);
  keep_alive_ = head.keep_alive;
  minor_version_ = head.minor_version;
  route_ = match_route(method_, path_);
}

std::string_view TargetRequest::field(std::string_view name) const {
  std::string_view rest = fields_;
  std::string_view each, value;
  while (next_field(rest, each, value)) {
    if (same_name(each, name)) return value;
  }
  return {};
}

std::string TargetRequest::field_list(std::string_view name) const {
  std::string list;
  std::string_view rest = fields_;
  std::string_view each, value;
  while (next_field(rest, each, value)) {
    if (!same_name(each, name)) continue;
    if (!list.empty()) list += ", ";
    list += value;
  }
  return list;
}

bool TargetRequest::expects_continue() const {
  return same_name(field("Expect"), "100-continue");
}

bool TargetRequest::has_field(std::string_view name) const {
  std::string_view rest = fields_;
  std::string_view each, value;
  while (next_field(rest, each, value)) {
    if (same_name(each, name)) return true;
  }
  return false;
}

std::string TargetRequest::parameter(std::string_view name) const {
  for (std::string_view rest = query_; !rest.empty();) {
    const size_t end = rest.find('&');
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    return equals == std::string_view::npos ? "" : percent_decode(pair.substr(equals + 1));
  }
  return {};
}

}  // namespace perigee
