// What is sent to a receiver at a time, and what becomes of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"

namespace perigee::exports {

struct Push {
  std::string body;
  uint64_t samples = 0;
  // Beside those of the receiver.
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string target{};  // instead of the receiver's path and query; empty: those
};

struct PushResult {
  enum class Kind {
    kAccepted,
    kBusy,         // it may go better later
    kRefused,      // and will be again
    kUnreachable,  // nobody there, or nothing came back
  };
  Kind kind = Kind::kAccepted;
  std::string reason{};          // in words, if it was not accepted
  Duration wait{};               // as long as a busy receiver wants to be left alone; zero: unknown
  uint64_t samples_refused = 0;  // of a push that was accepted in part
  std::string fields{};          // of the response: "Name: value\r\n" lines
  std::string body{};            // of a response that has accepted it
};

// How pushes go over the wire.
class PushTransport {
 public:
  PushTransport() = default;
  virtual ~PushTransport() = default;
  PushTransport(const PushTransport&) = delete;
  PushTransport& operator=(const PushTransport&) = delete;

  // One at a time. `done` is called on a later turn; the push must stay where it is until then.
  virtual void send(const Push& push, std::function<void(PushResult)> done) = 0;
  // Ends what is on its way without a call.
  virtual void cancel() = 0;
};

}  // namespace perigee::exports
