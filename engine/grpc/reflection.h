// Asks a server what services it has: grpc.reflection.v1, or v1alpha where that is not there.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/grpc/call.h"
#include "engine/grpc/call_events.h"
#include "engine/grpc/status.h"

namespace perigee::grpc {

class Channel;

class Reflection final : private CallEvents {
 public:
  // Told once, on a later turn than `start`. May destroy the reflection.
  class Events {
   public:
    virtual ~Events() = default;
    // Serialized FileDescriptorProtos of all services, with what they import.
    virtual void on_reflected(const Status& status, std::vector<std::string> files) = 0;
  };

  explicit Reflection(Events& events) : events_(events), call_(*this) {}

  using Metadata = std::vector<std::pair<std::string, std::string>>;
  void start(Channel& channel, Metadata metadata, Duration timeout);
  // The names of the services that the server has listed, also of those whose files it lacks.
  const std::set<std::string, std::less<>>& services() const { return services_; }

 private:
  void on_message(std::string_view message, Instant at) override;
  void on_end(const CallEnd& end) override;

  void begin();
  void ask(uint32_t field, std::string_view name);
  void take_services(std::string_view list);
  void take_files(std::string_view response);
  void take_error(std::string_view response);
  // All that was asked for has come: asks for what that imports, or ends.
  void go_on();

  Events& events_;
  Call call_;
  Channel* channel_ = nullptr;
  Metadata metadata_;
  Duration timeout_{};
  bool alpha_ = false;
  bool answered_ = false;
  size_t awaited_ = 0;  // responses
  std::set<std::string, std::less<>> services_;
  std::vector<std::string> files_;
  std::set<std::string, std::less<>> names_;  // of these files
  std::set<std::string, std::less<>> asked_;  // files that were asked for by name
  Status error_;                              // the first that the server has given
};

}  // namespace perigee::grpc
