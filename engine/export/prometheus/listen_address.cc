#include "engine/export/prometheus/listen_address.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee::exports {
namespace {

constexpr uint16_t kPort = 9464;

[[noreturn]] void refuse(std::string_view text) {
  throw ConfigError(fmt::format(
      "\"{}\" is no address to listen at; write a port like :9464, or an IP address with a port "
      "like 127.0.0.1:9464",
      text));
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || last != end) return std::nullopt;
  return port;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Address parse_listen_address(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  const size_t colon = text.rfind(':');
  const bool bare_v6 = text.find(':') != colon && !text.starts_with('[');
  if (colon != std::string_view::npos && !bare_v6 && !text.ends_with(']')) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) refuse(text);
    if (host.empty()) host = "0.0.0.0";
  } else if (!text.empty() && all_digits(text)) {
    host = "";
    port = text;
  }
  if (host.empty() || host == "localhost") host = "127.0.0.1";
  const auto number = port.empty() ? std::optional(kPort) : parse_port(port);
  const auto address = number ? Address::parse(host, *number) : std::nullopt;
  if (!address) refuse(text);
  return *address;
}

}  // namespace perigee::exports
