// A reply over a topic, and the id by which it finds who waits for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace perigee::kafka {

// Its own copy of a message: it goes from one worker's thread to another's.
struct Reply {
  std::string topic;
  std::optional<std::string> key{};
  std::optional<std::string> value{};
  std::vector<std::pair<std::string, std::string>> headers{};
};

// Which wait of which worker of which run a request is for.
struct CorrelationId {
  uint32_t worker = 0;
  uint64_t wait = 0;
};

// "RUN-WORKER-WAIT", the latter two in hexadecimal digits.
std::string write_correlation_id(std::string_view run, CorrelationId id);
// Nothing if the text is no id of this run.
std::optional<CorrelationId> read_correlation_id(std::string_view run, std::string_view text);

}  // namespace perigee::kafka
