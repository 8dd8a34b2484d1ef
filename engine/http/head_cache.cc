#include "engine/http/head_cache.h"

#include <algorithm>

namespace perigee::http {

bool HeadCache::Entry::matches(const Request& request) const {
  if (url != request.url || method != request.method) return false;
  return std::equal(headers.begin(), headers.end(), request.headers.begin(), request.headers.end(),
                    [](const auto& known, const Header& header) {
                      return known.first == header.name && known.second == header.value;
                    });
}

void HeadCache::Entry::remember(const Request& request, const std::string& written,
                                const RequestHead& result) {
  url = request.url;
  method = request.method;
  headers.clear();
  for (const Header& header : request.headers)
    headers.emplace_back(header.name, header.value);
  text = written;
  head = result;
}

// The same strings of a script lie at the same addresses: a good guess, and no more than that.
std::unique_ptr<HeadCache::Entry>& HeadCache::entry_of(const Request& request) {
  constexpr uint64_t kMix = 0x9e37'79b9'7f4a'7c15;
  uint64_t mixed = reinterpret_cast<uintptr_t>(request.url.get()) ^ request.method.size();
  for (const Header& header : request.headers)
    mixed = mixed * kMix ^ reinterpret_cast<uintptr_t>(header.value.data());
  return entries_[(mixed * kMix >> 32) % entries_.size()];
}

const RequestHead& HeadCache::write(std::string& out, const Request& request,
                                    const HeadSettings& settings) {
  std::unique_ptr<Entry>& entry = entry_of(request);
  if (entry != nullptr && entry->matches(request)) {
    entry->misses = 0;
    out = entry->text;
    return entry->head;
  }
  last_ = write_request_head(out, request, settings);
  if (!last_.error.empty() || out.size() > limits::kCachedHead) return last_;
  // Heads that differ each time are not worth remembering, but what differs may change.
  constexpr uint32_t kNowAndThen = 64;
  if (entry == nullptr) entry = std::make_unique<Entry>();
  if (entry->misses++ % kNowAndThen == 0) entry->remember(request, out, last_);
  return last_;
}

}  // namespace perigee::http
