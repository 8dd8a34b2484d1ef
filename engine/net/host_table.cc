#include "engine/net/host_table.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace perigee {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

bool names_port(std::string_view pattern) {
  return pattern.find(':') != std::string_view::npos;
}

// Which of the patterns that match counts: one with a port before one without, an exact one before
// one with a "*", a longer one before a shorter.
std::tuple<bool, bool, size_t> rank(std::string_view pattern) {
  return {names_port(pattern), !pattern.starts_with('*'), pattern.size()};
}

}  // namespace

bool host_matches(std::string_view pattern, std::string_view name) {
  if (pattern.starts_with('*')) return name.ends_with(pattern.substr(1));
  return pattern == name;
}

HostTable::HostTable(std::vector<HostEntry> hosts, std::vector<std::string> blocked)
    : hosts_(std::move(hosts)), blocked_(std::move(blocked)) {}

bool HostTable::blocks(std::string_view host) const {
  if (blocked_.empty() || Address::parse(host, 0)) return false;
  const std::string name = lower_case(host);
  return std::any_of(blocked_.begin(), blocked_.end(),
                     [&](const std::string& pattern) { return host_matches(pattern, name); });
}

std::optional<Address> HostTable::find(std::string_view host, uint16_t port) const {
  if (hosts_.empty()) return std::nullopt;
  const std::string name = lower_case(host);
  const std::string name_and_port = fmt::format("{}:{}", name, port);
  const HostEntry* best = nullptr;
  for (const HostEntry& entry : hosts_) {
    const bool matches =
        host_matches(entry.pattern, names_port(entry.pattern) ? name_and_port : name);
    if (!matches) continue;
    if (best == nullptr || rank(entry.pattern) > rank(best->pattern)) best = &entry;
  }
  if (best == nullptr) return std::nullopt;
  return best->ip.with_port(best->port == 0 ? port : best->port);
}

}  // namespace perigee
