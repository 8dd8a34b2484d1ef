// Remembers how the heads of the last requests were written: most repeat word for word, and
// comparing costs a fraction of checking and writing.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/http/request_head.h"

namespace perigee::http {

// Of one client, whose settings stay the same for every URL.
class HeadCache {
 public:
  // As `write_request_head`. The result is valid until the next call.
  const RequestHead& write(std::string& out, const Request& request, const HeadSettings& settings);

 private:
  struct Entry {
    std::shared_ptr<const Url> url;  // kept, so that its address stays its own
    std::string method;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string text;
    RequestHead head;
    uint32_t misses = 0;  // since the last hit

    bool matches(const Request& request) const;
    void remember(const Request& request, const std::string& written, const RequestHead& result);
  };

  std::unique_ptr<Entry>& entry_of(const Request& request);

  std::array<std::unique_ptr<Entry>, limits::kCachedHeads> entries_;
  RequestHead last_;  // of a head that was not found
};

}  // namespace perigee::http
