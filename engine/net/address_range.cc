#include "engine/net/address_range.h"

#include <array>
#include <charconv>
#include <limits>

#include <netinet/in.h>

namespace perigee {
namespace {

// An address as a number, the most significant byte first. One of IPv4 has its last 4 bytes only.
using Bytes = std::array<uint8_t, 16>;

Bytes bytes_of(const Address& address) {
  Bytes bytes{};
  if (address.v6()) {
    const auto& ip = reinterpret_cast<const sockaddr_in6*>(address.raw())->sin6_addr;
    std::copy(std::begin(ip.s6_addr), std::end(ip.s6_addr), bytes.begin());
    return bytes;
  }
  const uint32_t ip = ntohl(reinterpret_cast<const sockaddr_in*>(address.raw())->sin_addr.s_addr);
  for (size_t i = 0; i < 4; ++i)
    bytes[12 + i] = static_cast<uint8_t>(ip >> (24 - 8 * i));
  return bytes;
}

Address address_of(const Bytes& bytes, bool v6) {
  if (v6) {
    sockaddr_in6 raw{};
    raw.sin6_family = AF_INET6;
    std::copy(bytes.begin(), bytes.end(), std::begin(raw.sin6_addr.s6_addr));
    return Address::from(reinterpret_cast<const sockaddr*>(&raw));
  }
  uint32_t ip = 0;
  for (size_t i = 12; i < bytes.size(); ++i)
    ip = ip << 8 | bytes[i];
  sockaddr_in raw{};
  raw.sin_family = AF_INET;
  raw.sin_addr.s_addr = htonl(ip);
  return Address::from(reinterpret_cast<const sockaddr*>(&raw));
}

uint64_t half(const Bytes& bytes, size_t from) {
  uint64_t value = 0;
  for (size_t i = from; i < from + 8; ++i)
    value = value << 8 | bytes[i];
  return value;
}

Bytes plus(Bytes bytes, uint64_t addend) {
  uint64_t carry = 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    const uint64_t sum = bytes[i] + (addend & 0xff) + carry;
    bytes[i] = static_cast<uint8_t>(sum);
    carry = sum >> 8;
    addend >>= 8;
  }
  return bytes;
}

// The last address of the network of which `bytes` has `prefix` bits; the first, if not `last`.
Bytes end_of_network(Bytes bytes, size_t prefix, bool last) {
  for (size_t bit = prefix; bit < 8 * bytes.size(); ++bit) {
    const auto mask = static_cast<uint8_t>(0x80U >> (bit % 8));
    bytes[bit / 8] = static_cast<uint8_t>(last ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
  }
  return bytes;
}

struct Ends {
  Address first;
  Address last;
};

std::optional<Ends> parse_network(std::string_view text, size_t slash) {
  const auto address = Address::parse(text.substr(0, slash), 0);
  if (!address) return std::nullopt;
  const std::string_view length = text.substr(slash + 1);
  size_t prefix = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), prefix);
  const size_t bits = address->v6() ? 128 : 32;
  if (error != std::errc() || end != length.data() + length.size() || prefix > bits) {
    return std::nullopt;
  }
  prefix += 128 - bits;
  const Bytes bytes = bytes_of(*address);
  return Ends{address_of(end_of_network(bytes, prefix, false), address->v6()),
              address_of(end_of_network(bytes, prefix, true), address->v6())};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ')
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<AddressRange> AddressRange::parse(std::string_view text) {
  text = trimmed(text);
  const size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto network = parse_network(text, slash);
    if (!network) return std::nullopt;
    return AddressRange(network->first, network->last);
  }
  const size_t dash = text.find('-');
  const auto first = Address::parse(trimmed(text.substr(0, dash)), 0);
  const auto last =
      dash == std::string_view::npos ? first : Address::parse(trimmed(text.substr(dash + 1)), 0);
  if (!first || !last || first->v6() != last->v6()) return std::nullopt;
  if (bytes_of(*last) < bytes_of(*first)) return std::nullopt;
  return AddressRange(*first, *last);
}

std::optional<AddressRange> AddressRange::parse_hosts(std::string_view text) {
  const auto range = parse(text);
  const bool network = text.find('/') != std::string_view::npos;
  if (!range || !network || range->first_.v6() || range->count() <= 2) return range;
  return AddressRange(range->nth(1), range->nth(range->count() - 2));
}

bool AddressRange::contains(const Address& address) const {
  if (address.empty() || address.v6() != first_.v6()) return false;
  const Bytes bytes = bytes_of(address);
  return bytes_of(first_) <= bytes && bytes <= bytes_of(last_);
}

uint64_t AddressRange::count() const {
  const Bytes first = bytes_of(first_);
  const Bytes last = bytes_of(last_);
  const uint64_t low = half(last, 8) - half(first, 8);
  const uint64_t borrow = half(last, 8) < half(first, 8) ? 1 : 0;
  const uint64_t high = half(last, 0) - half(first, 0) - borrow;
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  return high > 0 || low == kMost ? kMost : low + 1;
}

Address AddressRange::nth(uint64_t index) const {
  return address_of(plus(bytes_of(first_), index), first_.v6());
}

std::string AddressRange::text() const {
  return first_ == last_ ? first_.ip() : first_.ip() + "-" + last_.ip();
}

}  // namespace perigee
