// Host names to addresses: looked up off the loop, kept for a while.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/loop/loop.h"
#include "engine/net/address.h"

namespace perigee {

// One per worker. Answers are kept for `ttl` as in k6 (the record's own TTL does not matter): 0 not
// at all, Duration::max() for good; at most limits::kDnsNames of them.
class Resolver {
 public:
  struct Answer {
    std::vector<Address> addresses;  // ports are 0; in the system's order
    std::string error;               // why there are none, e.g. "no such host"
    bool not_found = false;          // the name does not exist, rather than DNS being out of order
  };
  using Callback = std::function<void(const Answer&)>;

  explicit Resolver(Loop& loop, Duration ttl = std::chrono::minutes(5));
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // The answer if it is known and fresh: an IP literal always is. Valid until the next call.
  const Answer* cached(const std::string& host);
  // Looks `host` up; concurrent look-ups of one name share the work. Calls back on a later turn,
  // unless the resolver or the `token` is gone by then.
  void resolve(const std::string& host, std::weak_ptr<void> token, Callback callback);
  // Keeps an answer as if it had been looked up.
  void remember(const std::string& host, Answer answer);

 private:
  struct Query;
  struct Entry {
    Answer answer;
    Instant expires{};
  };
  struct Waiter {
    std::weak_ptr<void> token;
    Callback callback;
  };

  void finish(const std::string& host, const Answer& answer);

  Loop& loop_;
  Duration ttl_;
  std::map<std::string, Entry> cache_;
  Answer literal_;  // the last IP literal's
  std::map<std::string, std::vector<Waiter>> waiting_;
  std::shared_ptr<Resolver*> self_;  // what queries in flight find us by; null once we are gone
};

}  // namespace perigee
