// Decides which requests of a batch are in flight at the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/http/http_options.h"

namespace perigee::http {

struct BatchLimits {
  size_t total = 20;
  size_t per_host = 6;
};

// What the options allow.
BatchLimits batch_limits(const HttpOptions& options);

// Requests are numbered from 0 in the order they are added. They start in that order, but one whose
// host is busy lets others pass.
class BatchSchedule {
 public:
  // Forgets what was added before.
  void reset(BatchLimits limits);
  // `host` is "name:port"; empty for a request that will never be sent.
  void add(std::string_view host);

  size_t size() const { return host_of_.size(); }
  size_t in_flight() const { return in_flight_; }

  // The next request that may start now; it is in flight from then on.
  std::optional<size_t> start_next();
  void ended(size_t request);

 private:
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

  struct Host {
    std::string name;
    uint32_t next;  // its first request that has not started
    uint32_t last;
    size_t in_flight = 0;
  };

  bool has_room(const Host& host) const;

  BatchLimits limits_;
  std::vector<Host> hosts_;
  std::vector<uint32_t> host_of_;
  std::vector<uint32_t> following_;  // the next request of the same host
  size_t in_flight_ = 0;
};

}  // namespace perigee::http
