#include "engine/http/line_splitter.h"

#include <utility>

namespace perigee::http {
namespace {

constexpr size_t kKeptMemory = 4 * 1024;

}  // namespace

bool LineSplitter::take(std::string_view& bytes) {
  if (std::exchange(told_, false)) begun_.clear();
  if (after_cr_ && !bytes.empty()) {
    if (bytes.front() == '\n') bytes.remove_prefix(1);
    after_cr_ = false;
  }
  const size_t end = bytes.find_first_of("\r\n");
  const std::string_view part = bytes.substr(0, end);
  if (begun_.size() + part.size() > longest_) {
    too_long_ = true;
    return false;
  }
  if (end == std::string_view::npos) {
    begun_.append(part);
    bytes = {};
    return false;
  }
  after_cr_ = bytes[end] == '\r';
  bytes.remove_prefix(end + 1);
  line_ = part;
  if (!begun_.empty()) {
    line_ = begun_.append(part);
    told_ = true;
  }
  return true;
}

bool LineSplitter::finish() {
  if (std::exchange(told_, false)) begun_.clear();
  line_ = begun_;
  told_ = true;
  return !begun_.empty();
}

void LineSplitter::reset() {
  begun_.clear();
  if (begun_.capacity() > kKeptMemory) begun_.shrink_to_fit();
  line_ = {};
  told_ = after_cr_ = too_long_ = false;
}

}  // namespace perigee::http
