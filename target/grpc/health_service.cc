#include "target/grpc/health_service.h"

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"

namespace perigee {
namespace {

using grpc::ServerCall;
using protobuf::WireReader;
using protobuf::WireWriter;

// Of HealthCheckRequest, HealthCheckResponse and HealthListResponse, and of a map's entries.
constexpr uint32_t kService = 1;
constexpr uint32_t kStatus = 1;
constexpr uint32_t kStatuses = 1;
constexpr uint32_t kEntryKey = 1;
constexpr uint32_t kEntryValue = 2;

constexpr std::string_view kInference = "inference.GRPCInferenceService";
constexpr std::array<std::string_view, 8> kServices{"",
                                                    kInference,
                                                    "perigee.test.Test",
                                                    "grpc.health.v1.Health",
                                                    "grpc.reflection.v1.ServerReflection",
                                                    "grpc.reflection.v1alpha.ServerReflection",
                                                    "seldon.mlops.scheduler.Scheduler",
                                                    "seldon.mlops.proxy.SchedulerProxy"};

// A model that is loaded becomes ready without anybody saying so.
constexpr auto kLookInterval = std::chrono::milliseconds(20);

std::string read_service(std::string_view message) {
  std::string_view service;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kService) service = reader.bytes();
  });
  return std::string(service);
}

void write_status(std::string& response, HealthService::Serving serving) {
  WireWriter(response).uint_field(kStatus, static_cast<uint64_t>(serving));
}

// Sends the status at once, and again when it has changed.
class HealthWatch final : public grpc::CallHandler {
 public:
  HealthWatch(const HealthService& health, ServerCall& call, TimerQueue& timers,
              std::string service)
      : health_(health),
        call_(call),
        service_(std::move(service)),
        timer_(timers, [this] { look(); }) {
    look();
  }

 private:
  void look() {
    if (call_.over()) return;
    const Instant now = call_.now();
    const HealthService::Serving serving = health_.serving(service_, now);
    if (serving != last_) {
      std::string response;
      write_status(response, serving);
      call_.send(response);
      last_ = serving;
    }
    timer_.start(now + kLookInterval);
  }

  const HealthService& health_;
  ServerCall& call_;
  const std::string service_;
  std::optional<HealthService::Serving> last_;
  Timer timer_;
};

}  // namespace

void HealthService::add_to(grpc::Services& services) {
  const auto due = [this](const ServerCall& call) { return pace_.prompt(call.at()); };
  services.add({.path = "/grpc.health.v1.Health/Check",
                .respond = answering(
                    due, [this](const ServerCall& call, std::string_view message,
                                std::string& response) { check(message, call.at(), response); }),
                .begin = {}});
  services.add(
      {.path = "/grpc.health.v1.Health/Watch",
       .respond = [this](ServerCall& call, std::string_view message) { watch(call, message); },
       .begin = {}});
  services.add(
      {.path = "/grpc.health.v1.Health/List",
       .respond = answering(due, [this](const ServerCall& call, std::string_view /*message*/,
                                        std::string& response) { list(call.at(), response); }),
       .begin = {}});
}

HealthService::Serving HealthService::serving(std::string_view service, Instant at) const {
  if (std::find(kServices.begin(), kServices.end(), service) == kServices.end()) {
    return Serving::kUnknownService;
  }
  const bool needs_models = service.empty() || service == kInference;
  return !needs_models || repository_.all_ready(at) ? Serving::kServing : Serving::kNotServing;
}

void HealthService::check(std::string_view message, Instant at, std::string& response) const {
  const std::string service = read_service(message);
  const Serving now = serving(service, at);
  if (now == Serving::kUnknownService) {
    throw CallRefusal(grpc::Code::kNotFound, fmt::format("there is no service \"{}\"", service));
  }
  write_status(response, now);
}

void HealthService::watch(ServerCall& call, std::string_view message) try {
  call.attach(std::make_unique<HealthWatch>(*this, call, call.timers(), read_service(message)));
} catch (const std::runtime_error&) {
  call.finish(refusal_status());
}

void HealthService::list(Instant at, std::string& response) const {
  WireWriter writer(response);
  for (const std::string_view service : kServices) {
    const auto entry = writer.begin(kStatuses);
    writer.bytes_field(kEntryKey, service);
    const auto value = writer.begin(kEntryValue);
    writer.uint_field(kStatus, static_cast<uint64_t>(serving(service, at)));
    writer.end(value);
    writer.end(entry);
  }
}

}  // namespace perigee
