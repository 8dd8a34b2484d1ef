// A scheduler of Seldon Core 2 on a thread of its own that does with each call what the test says.
#pragma once

#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/engine/grpc/played_server.h"

namespace perigee {

// States of models by their numbers on the wire.
enum class ModelState : char { kProgressing = 1, kAvailable = 2, kFailed = 3, kTerminated = 5 };

// A ModelStatusResponse of one version; texts of less than 100 bytes.
inline std::string model_status(std::string_view name, int version, ModelState state,
                                std::string_view reason = "") {
  const auto text = [](char tag, std::string_view value) {
    return std::string{tag, static_cast<char>(value.size())}.append(value);
  };
  const std::string status = std::string{'\x08', static_cast<char>(state)} + text('\x12', reason);
  const std::string versioned =
      std::string{'\x10', static_cast<char>(version)} + text('\x32', status);
  return text('\x0a', name) + text('\x12', versioned);
}

class PlayedScheduler {
 public:
  using Play = std::function<void(std::string_view method, grpc::PlayedCall& call)>;

  // `play` is told of each call once its only message has come, on the scheduler's thread.
  explicit PlayedScheduler(Play play)
      : play_(std::move(play)),
        server_(loop_, [this](grpc::PlayedCall& call) { begin(call); }),
        thread_([this] { loop_.run(); }) {}
  ~PlayedScheduler() {
    loop_.post([this] { loop_.stop(); });
    thread_.join();
  }
  PlayedScheduler(const PlayedScheduler&) = delete;
  PlayedScheduler& operator=(const PlayedScheduler&) = delete;

  std::string address() const { return server_.address(); }

 private:
  void begin(grpc::PlayedCall& call) {
    call.half_close = [this, &call] { play_(call.path.substr(call.path.rfind('/') + 1), call); };
  }

  Play play_;
  Loop loop_;
  grpc::PlayedServer server_;
  std::thread thread_;
};

}  // namespace perigee
