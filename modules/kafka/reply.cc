#include "modules/kafka/reply.h"

#include <charconv>

#include <fmt/format.h>

namespace perigee::kafka {
namespace {

// The whole text as a number in hexadecimal digits.
template <typename Number>
bool read_hex(std::string_view text, Number& number) {
  constexpr int kBase = 16;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number, kBase);
  return error == std::errc() && stopped == end;
}

}  // namespace

std::string write_correlation_id(std::string_view run, CorrelationId id) {
  return fmt::format("{}-{:x}-{:x}", run, id.worker, id.wait);
}

std::optional<CorrelationId> read_correlation_id(std::string_view run, std::string_view text) {
  if (!text.starts_with(run) || text.size() <= run.size() || text[run.size()] != '-') {
    return std::nullopt;
  }
  text.remove_prefix(run.size() + 1);
  const size_t dash = text.find('-');
  CorrelationId id;
  if (dash == std::string_view::npos || !read_hex(text.substr(0, dash), id.worker) ||
      !read_hex(text.substr(dash + 1), id.wait)) {
    return std::nullopt;
  }
  return id;
}

}  // namespace perigee::kafka
