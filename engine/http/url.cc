#include "engine/http/url.h"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "engine/net/address.h"

namespace perigee::http {
namespace {

// A part of the text that is being taken apart, and what was wrong with it.
struct Reading {
  std::string_view whole;
  std::string_view rest;
  Url url;
  std::string error;

  bool fail(std::string why) {
    error = std::move(why);
    return false;
  }
};

bool is_scheme(std::string_view text, std::string_view scheme) {
  if (text.size() != scheme.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != scheme[i]) return false;
  }
  return true;
}

bool read_characters(Reading& in) {
  for (const char c : in.rest) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      return in.fail("it contains a control character");
    }
  }
  return true;
}

bool read_scheme(Reading& in) {
  const size_t end = in.rest.find("://");
  if (end == std::string_view::npos) return in.fail("it must start with http:// or https://");
  const std::string_view scheme = in.rest.substr(0, end);
  in.url.tls = is_scheme(scheme, "https");
  if (!in.url.tls && !is_scheme(scheme, "http")) {
    return in.fail(fmt::format("the scheme must be http or https, not \"{}\"", scheme));
  }
  in.rest.remove_prefix(end + 3);
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool decode(std::string_view text, std::string& out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return true;
}

bool read_port(Reading& in, std::string_view text) {
  unsigned port = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (status != std::errc() || end != text.data() + text.size() || port == 0 || port > 65535) {
    return in.fail(fmt::format("the port must be a number from 1 to 65535, not \"{}\"", text));
  }
  in.url.port = static_cast<uint16_t>(port);
  return true;
}

bool read_host_name(Reading& in, std::string_view host) {
  if (host.empty()) return in.fail("the host is missing");
  for (const char c : host) {
    if (static_cast<unsigned char>(c) > 0x7f) {
      return in.fail("a host name outside ASCII must be written in its xn-- form");
    }
    if (std::string_view(" \"<>\\^`{|}%[]:,").find(c) != std::string_view::npos) {
      return in.fail(fmt::format("the host name contains \"{}\"", c));
    }
  }
  in.url.host = host;
  return true;
}

bool read_ipv6(Reading& in, std::string_view host) {
  const auto address = Address::parse(host, 0);
  if (!address || !address->v6()) {
    return in.fail(fmt::format("\"{}\" in brackets is not an IPv6 address", host));
  }
  in.url.host = host;
  return true;
}

// "host", "host:80", "[::1]" or "[::1]:80".
bool read_host(Reading& in, std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const size_t host_end = bracketed ? text.find(']') : text.rfind(':');
  if (bracketed && host_end == std::string_view::npos) return in.fail("a \"]\" is missing");
  const std::string_view host = bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
  std::string_view port = host_end == std::string_view::npos ? "" : text.substr(host_end);
  if (bracketed) port.remove_prefix(1);
  if (!port.empty() && port.front() != ':') {
    return in.fail("only a port may follow the \"]\" of the host");
  }

  in.url.port = in.url.tls ? 443 : 80;
  in.url.host_header = bracketed ? fmt::format("[{}]", host) : host;
  if (!(bracketed ? read_ipv6(in, host) : read_host_name(in, host))) return false;
  if (port.size() <= 1) return true;
  const uint16_t usual = in.url.port;
  if (!read_port(in, port.substr(1))) return false;
  if (in.url.port != usual) in.url.host_header += fmt::format(":{}", in.url.port);
  return true;
}

bool read_authority(Reading& in) {
  const std::string_view authority = in.rest.substr(0, in.rest.find_first_of("/?#"));
  in.rest.remove_prefix(authority.size());
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos && authority.substr(0, at).find(' ') != std::string_view::npos) {
    return in.fail("a space in the user or password must be written %20");
  }
  if (at == std::string_view::npos) return read_host(in, authority);

  const std::string_view credentials = authority.substr(0, at);
  if (!decode(credentials, in.url.credentials)) {
    return in.fail("a \"%\" in the user or password must be followed by two hex digits");
  }
  const size_t colon = credentials.find(':');
  const auto start = static_cast<size_t>(authority.data() - in.whole.data());
  in.url.text.replace(start, at, colon == std::string_view::npos ? "****" : "****:****");
  return read_host(in, authority.substr(at + 1));
}

void append_encoded(std::string& target, std::string_view text, std::string_view unsafe) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x7f || unsafe.find(c) != std::string_view::npos) {
      target += fmt::format("%{:02X}", byte);
    } else {
      target += c;
    }
  }
}

// Browsers and Go's client agree on most of a path; browsers alone leave "|" and take "\\" for "/".
// Of a query Go encodes nothing; what browsers encode is done here, except "'", which is legal.
void read_target(Reading& in) {
  const std::string_view rest = in.rest.substr(0, in.rest.find('#'));
  const std::string_view path = rest.substr(0, rest.find('?'));
  std::string& target = in.url.target;
  if (path.empty()) target = "/";
  append_encoded(target, path, " \"<>\\^`{|}");
  append_encoded(target, rest.substr(path.size()), " \"<>");
}

}  // namespace

std::optional<Url> parse_url(std::string_view text, std::string& error) {
  Reading in{.whole = text, .rest = text, .url = {}, .error = {}};
  in.url.text = text;
  if (read_characters(in) && read_scheme(in) && read_authority(in)) {
    read_target(in);
    return std::move(in.url);
  }
  error = std::move(in.error);
  return std::nullopt;
}

}  // namespace perigee::http
