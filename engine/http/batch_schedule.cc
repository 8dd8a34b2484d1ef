#include "engine/http/batch_schedule.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace perigee::http {

BatchLimits batch_limits(const HttpOptions& options) {
  const auto limit = [](int64_t given) {
    return given == 0 ? limits::kUnlimited : static_cast<size_t>(given);
  };
  return {.total = limit(options.batch), .per_host = limit(options.batch_per_host)};
}

void BatchSchedule::reset(BatchLimits limits) {
  limits_ = limits;
  hosts_.clear();
  host_of_.clear();
  following_.clear();
  in_flight_ = 0;
}

void BatchSchedule::add(std::string_view host) {
  const auto request = static_cast<uint32_t>(host_of_.size());
  auto known = std::find_if(hosts_.begin(), hosts_.end(),
                            [host](const Host& other) { return other.name == host; });
  if (known == hosts_.end()) {
    known = hosts_.insert(hosts_.end(), {std::string(host), request, request});
  } else {
    following_[known->last] = request;
    known->last = request;
  }
  host_of_.push_back(static_cast<uint32_t>(known - hosts_.begin()));
  following_.push_back(kNone);
}

bool BatchSchedule::has_room(const Host& host) const {
  return host.next != kNone && (host.name.empty() || host.in_flight < limits_.per_host);
}

std::optional<size_t> BatchSchedule::start_next() {
  if (in_flight_ >= limits_.total) return std::nullopt;
  Host* first = nullptr;
  for (Host& host : hosts_) {
    if (has_room(host) && (first == nullptr || host.next < first->next)) first = &host;
  }
  if (first == nullptr) return std::nullopt;
  const uint32_t request = first->next;
  first->next = following_[request];
  ++first->in_flight;
  ++in_flight_;
  return request;
}

void BatchSchedule::ended(size_t request) {
  --hosts_[host_of_[request]].in_flight;
  --in_flight_;
}

}  // namespace perigee::http
