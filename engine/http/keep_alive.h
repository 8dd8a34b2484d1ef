// What a server does with its connections behind its responses, as far as it has been seen.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "engine/base/clock.h"
#include "engine/http/url.h"

namespace perigee::http {

// Some servers close a connection right behind a response without announcing it. A request that
// crosses the end is lost, and can't always be sent again; so nothing is sent there that might be.
class KeepAlive {
 public:
  // How a response's body was framed: some servers close behind streams only, which come in chunks.
  enum class Framing : uint8_t { kSized, kChunked };
  enum class Habit : uint8_t {
    kUnknown,
    kKeeps,
    kCloses,
  };

  // A server that closes right behind a response has mostly done so by then.
  static constexpr Duration kSettling = std::chrono::milliseconds(20);
  // An end within this time is one right behind the response.
  static constexpr Duration kRightBehind = std::chrono::milliseconds(200);

  Habit habit(Framing framing) const {
    const Record& record = records_[static_cast<size_t>(framing)];
    if (record.proofs_left == 0) return Habit::kKeeps;
    return record.closings == 0 ? Habit::kUnknown : Habit::kCloses;
  }
  // A connection that is still open so long behind such a response will not be closed for it: twice
  // the longest time that this server has taken, or kSettling.
  Duration settling(Framing framing) const {
    return records_[static_cast<size_t>(framing)].settling;
  }
  // A connection has served another request after such a response.
  void note_kept(Framing framing);
  // A connection has ended so long behind such a response, without another one in between.
  void note_closed(Framing framing, Duration behind);

 private:
  struct Record {
    uint32_t closings = 0;     // that made it one that closes
    uint32_t proofs_left = 1;  // connections that have yet to be kept until it is one that keeps
    Duration settling = kSettling;
  };
  Record& of(Framing framing) { return records_[static_cast<size_t>(framing)]; }

  std::array<Record, 2> records_;
};

// Those of the servers that a client has connections to.
class KeepAlives {
 public:
  static constexpr size_t kMaxServers = 4'096;

  std::shared_ptr<KeepAlive> of(const Url& origin);

 private:
  std::unordered_map<std::string, std::shared_ptr<KeepAlive>> servers_;
};

}  // namespace perigee::http
