#include "engine/http/event_parser.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace perigee::http {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kKeptMemory = 4 * 1024;

std::optional<uint64_t> parse_digits(std::string_view text) {
  uint64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (text.empty() || result.ec != std::errc{} || result.ptr != end) return std::nullopt;
  return value;
}

}  // namespace

bool EventParser::take(std::string_view& bytes) {
  if (std::exchange(told_, false)) {
    begin_event();
    event_.retry.reset();
  }
  while (!bytes.empty() && lines_.take(bytes)) {
    std::string_view line = lines_.line();
    if (!std::exchange(started_, true) && line.starts_with(kByteOrderMark)) {
      line.remove_prefix(kByteOrderMark.size());
    }
    if (read_line(line)) return told_ = true;
    if (too_long_) return false;
  }
  return false;
}

void EventParser::begin_event() {
  event_.type.clear();
  event_.data.clear();
  has_data_ = false;
}

bool EventParser::read_line(std::string_view line) {
  if (line.empty()) {
    if (has_data_) {
      if (event_.type.empty()) event_.type = "message";
      return true;
    }
    begin_event();
    return false;
  }
  const size_t colon = line.find(':');
  std::string_view value = colon == std::string_view::npos ? "" : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  read_field(line.substr(0, colon), value);
  return false;
}

// A comment is a field without a name.
void EventParser::read_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (event_.data.size() + value.size() >= longest_) {
      too_long_ = true;
      return;
    }
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data.append(value);
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) event_.id = value;
  } else if (name == "retry") {
    if (const auto milliseconds = parse_digits(value)) event_.retry = milliseconds;
  }
}

void EventParser::reset() {
  lines_.reset();
  begin_event();
  if (event_.data.capacity() > kKeptMemory) event_.data.shrink_to_fit();
  event_.id.clear();
  event_.retry.reset();
  told_ = started_ = too_long_ = false;
}

}  // namespace perigee::http
