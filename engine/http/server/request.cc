#include "engine/http/server/request.h"

#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

// An absolute target ("http://host/path", as proxies get it) names a path all the same.
std::string_view without_authority(std::string_view target) {
  const size_t scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  const size_t path = target.find('/', scheme + 3);
  return path == std::string_view::npos ? "/" : target.substr(path);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

void ServerRequest::assign(const Http1Head& head, bool can_upgrade) {
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
  can_upgrade_ = can_upgrade;
  label = 0;
}

std::string_view ServerRequest::field(std::string_view name) const {
  return find_field(fields_, name).value_or(std::string_view());
}

std::string ServerRequest::field_list(std::string_view name) const {
  return joined_fields(fields_, name);
}

bool ServerRequest::has_field(std::string_view name) const {
  return find_field(fields_, name).has_value();
}

bool ServerRequest::expects_continue() const {
  return same_ignoring_case(field("Expect"), "100-continue");
}

std::string ServerRequest::parameter(std::string_view name) const {
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

std::string percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? hex_digit(text[i + 1]) : -1;
    const int low = escape ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return decoded;
}

}  // namespace perigee::http
