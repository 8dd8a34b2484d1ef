#include "engine/execution/net_options_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/execution/name_reader.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr Names<DnsSelect, 3> kSelects{{{"first", DnsSelect::kFirst},
                                        {"random", DnsSelect::kRandom},
                                        {"roundRobin", DnsSelect::kRoundRobin}}};
constexpr Names<DnsPolicy, 5> kPolicies{{{"preferIPv4", DnsPolicy::kPreferIpv4},
                                         {"preferIPv6", DnsPolicy::kPreferIpv6},
                                         {"onlyIPv4", DnsPolicy::kOnlyIpv4},
                                         {"onlyIPv6", DnsPolicy::kOnlyIpv6},
                                         {"any", DnsPolicy::kAny}}};

DnsOptions read_dns(const json& value, const std::string& where) {
  const JsonReader reader(value, where);
  constexpr std::array<std::string_view, 3> kKeys{"ttl", "select", "policy"};
  reader.allow_only(kKeys);
  DnsOptions dns;
  if (reader.has("ttl") && reader.at("ttl") == "inf") {
    dns.ttl = Duration::max();
  } else {
    reader.read("ttl", dns.ttl, 0s);
  }
  read_name(reader, "select", kSelects, dns.select);
  read_name(reader, "policy", kPolicies, dns.policy);
  return dns;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// One label or more of letters, digits, hyphens and underscores, and bytes beyond ASCII.
bool is_hostname(std::string_view name) {
  const auto allowed = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || byte >= 0x80;
  };
  return std::all_of(name.begin(), name.end(), allowed) &&
         name.find("..") == std::string_view::npos;
}

bool is_pattern(std::string_view text) {
  if (text.empty()) return false;
  if (text.front() == '*') text.remove_prefix(1);
  return is_hostname(text);
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && port > 0 ? std::optional(port) : std::nullopt;
}

bool is_host_entry_name(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos) return is_pattern(text);
  return is_pattern(text.substr(0, colon)) && parse_port(text.substr(colon + 1)).has_value();
}

// "10.0.0.1", "10.0.0.1:8080", "::1", "[::1]:8080".
std::optional<HostEntry> parse_host_address(std::string_view text) {
  HostEntry entry;
  if (const auto ip = Address::parse(text, 0)) {
    entry.ip = *ip;
    return entry;
  }
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto ip = Address::parse(text.substr(0, colon), 0);
  const auto port = parse_port(text.substr(colon + 1));
  if (!ip || !port) return std::nullopt;
  entry.ip = *ip;
  entry.port = *port;
  return entry;
}

std::vector<HostEntry> read_hosts(const JsonReader& reader) {
  std::map<std::string, std::string> written;
  reader.read("hosts", written);
  std::map<std::string, HostEntry> entries;
  for (const auto& [name, address] : written) {
    if (!is_host_entry_name(name)) {
      reader.fail("hosts", fmt::format("\"{}\" is no host: write \"host\", \"host:port\" or "
                                       "\"*.domain\"",
                                       name));
    }
    auto entry = parse_host_address(address);
    if (!entry) {
      reader.fail("hosts", fmt::format("\"{}\" must be an IP address, with or without a port, "
                                       "got \"{}\"",
                                       name, address));
    }
    entry->pattern = lower(name);
    entries.emplace(entry->pattern, *entry);
  }
  std::vector<HostEntry> result;
  for (const auto& [pattern, entry] : entries)
    result.push_back(entry);
  return result;
}

template <typename Parse>
std::vector<AddressRange> read_ranges(const JsonReader& reader, const char* key, Parse parse) {
  std::vector<std::string> texts;
  reader.read(key, texts);
  std::vector<AddressRange> ranges;
  for (const std::string& text : texts) {
    const auto range = parse(text);
    if (!range) {
      reader.fail(key, fmt::format("\"{}\" is no range of IP addresses: write one like 10.0.0.0/8, "
                                   "10.0.0.1-10.0.0.9 or 10.0.0.1",
                                   text));
    }
    ranges.push_back(*range);
  }
  return ranges;
}

std::vector<std::string> read_blocked_hostnames(const JsonReader& reader) {
  std::vector<std::string> patterns;
  reader.read("blockHostnames", patterns);
  for (std::string& pattern : patterns) {
    if (!is_pattern(pattern)) {
      reader.fail("blockHostnames", fmt::format("\"{}\" is no hostname: a * may stand at the "
                                                "beginning only, as in \"*.example.com\"",
                                                pattern));
    }
    pattern = lower(pattern);
  }
  return patterns;
}

}  // namespace

NetOptions read_net_options(const JsonReader& options) {
  NetOptions net;
  if (options.has("dns")) net.dns = read_dns(options.at("dns"), options.path("dns"));
  net.hosts = read_hosts(options);
  net.blocked_ips = read_ranges(options, "blacklistIPs", AddressRange::parse);
  net.blocked_hostnames = read_blocked_hostnames(options);
  net.local_ips = read_ranges(options, "localIPs", AddressRange::parse_hosts);
  return net;
}

}  // namespace perigee
