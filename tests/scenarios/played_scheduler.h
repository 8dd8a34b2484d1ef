// A scheduler of Seldon Core 2 on a thread of its own that does with each call what the test says.
#pragma once

#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "tests/engine/grpc/played_server.h"

namespace perigee {

// States of models by their numbers on the wire.
enum class ModelState : char { kProgressing = 1, kAvailable = 2, kFailed = 3, kTerminated = 5 };

// A field of bytes, by its tag on the wire; less than 128 bytes.
inline std::string field(char tag, std::string_view value) {
  return std::string{tag, static_cast<char>(value.size())}.append(value);
}

// A ModelStatusResponse of one version; its texts must be short.
inline std::string model_status(std::string_view name, int version, ModelState state,
                                std::string_view reason = "") {
  const std::string status = std::string{'\x08', static_cast<char>(state)} + field('\x12', reason);
  const std::string versioned =
      std::string{'\x10', static_cast<char>(version)} + field('\x32', status);
  return field('\x0a', name) + field('\x12', versioned);
}

// A PipelineStatusResponse of its first version; 3 is ready, 7 terminated.
inline std::string pipeline_status(std::string_view name, char status) {
  return field('\x0a', name) +
         field('\x12', field('\x12', std::string{'\x08', '\x01', '\x10', status}));
}

// An ExperimentStatusResponse.
inline std::string experiment_status(std::string_view name, bool active) {
  return field('\x0a', name) + (active ? std::string{'\x10', '\x01'} : std::string{});
}

class PlayedScheduler {
 public:
  // `play` is told of each call once its only message has come, on the scheduler's thread. The
  // messages of all calls are kept in turn, by their methods: "LoadModel <bytes>\n".
  using Play = std::function<void(std::string_view method, grpc::PlayedCall& call)>;

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
  std::string messages() {
    std::promise<std::string> read;
    loop_.post([&] { read.set_value(messages_); });
    return read.get_future().get();
  }

 private:
  void begin(grpc::PlayedCall& call) {
    const std::string method = call.path.substr(call.path.rfind('/') + 1);
    call.message = [this, method](std::string_view bytes) {
      messages_.append(method).append(" ").append(bytes).append("\n");
    };
    call.half_close = [this, method, &call] { play_(method, call); };
  }

  Play play_;
  std::string messages_;
  Loop loop_;
  grpc::PlayedServer server_;
  std::thread thread_;
};

}  // namespace perigee
