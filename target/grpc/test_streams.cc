#include "target/grpc/test_streams.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/echo_message.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/test_fields.h"

namespace perigee {
namespace {

using namespace test_fields;
using grpc::ServerCall;
using protobuf::WireReader;
using protobuf::WireWriter;

// Bytes that wait for the client; with more, the stream waits.
constexpr size_t kUnsent = 256 * 1024;
constexpr uint64_t kMaxIntervalMs = 3'600'000;
constexpr uint64_t kMaxPayload = 64 * 1024 * 1024 - 64;

struct CountPlan {
  uint64_t messages = 0;
  std::chrono::milliseconds interval{};
  size_t size = 0;
  bool endless = false;
  grpc::Status status{};
};

CountPlan read_plan(std::string_view message) {
  CountPlan plan;
  read_fields(message, [&](WireReader& reader) {
    switch (reader.field()) {
      case kCountMessages:
        plan.messages = reader.varint();
        break;
      case kCountIntervalMs:
        plan.interval = std::chrono::milliseconds(std::min(reader.varint(), kMaxIntervalMs));
        break;
      case kCountSize:
        plan.size = std::min(reader.varint(), kMaxPayload);
        break;
      case kCountEndless:
        plan.endless = reader.varint() != 0;
        break;
      case kCountCode:
        plan.status.code = grpc::Code{static_cast<uint32_t>(reader.varint())};
        break;
      case kCountMessage:
        plan.status.message = reader.bytes();
        break;
      default:
        break;
    }
  });
  return plan;
}

// Sends a message every now and then, or as fast as the client takes them.
class Count final : public grpc::CallHandler {
 public:
  Count(ServerCall& call, CountPlan plan)
      : call_(call), plan_(std::move(plan)), timer_(call.timers(), [this] { tick(); }) {}

  void begin() {
    call_.send_head();
    fill();
  }
  void on_drained() override {
    if (plan_.interval.count() == 0) fill();
  }

 private:
  bool more() const { return plan_.endless || sent_ < plan_.messages; }
  void fill() {
    while (!call_.over() && call_.unsent() <= kUnsent) {
      if (!more()) return call_.finish(plan_.status);
      send();
      if (plan_.interval.count() > 0) return timer_.start(call_.now() + plan_.interval);
    }
  }
  void tick() {
    if (call_.unsent() > kUnsent) return timer_.start(call_.now() + plan_.interval);
    fill();
  }
  void send() {
    std::string response;
    write_count(response, ++sent_, call_.now(), plan_.size);
    call_.send(response);
  }

  ServerCall& call_;
  const CountPlan plan_;
  Timer timer_;
  uint64_t sent_ = 0;
};

class Sum final : public grpc::CallHandler {
 public:
  Sum(ServerCall& call, CallPace& pace) : call_(call), pace_(pace) {}

  void on_message(std::string_view message) override try {
    ++messages_;
    read_fields(message, [this](WireReader& reader) {
      if (reader.field() == kSumValue) sum_ += reader.varint();
    });
  } catch (const MalformedMessage&) {
    call_.finish(refusal_status());
  }
  void on_half_close() override {
    std::string response;
    WireWriter writer(response);
    writer.uint_field(kSum, sum_);
    writer.uint_field(kSumMessages, messages_);
    const Instant due = pace_.loaded(call_.now());
    call_.send(response, due);
    call_.finish({}, due);
  }

 private:
  ServerCall& call_;
  CallPace& pace_;
  uint64_t sum_ = 0;  // wraps, as a sum of 64-bit numbers does
  uint64_t messages_ = 0;
};

class Chat final : public grpc::CallHandler {
 public:
  Chat(ServerCall& call, CallPace& pace) : call_(call), pace_(pace) {}

  void on_message(std::string_view message) override try {
    const EchoMessage echo = read_echo(message);
    std::string response;
    write_echo(response, echo, call_.request());
    call_.send(response, pace_.loaded(call_.now()) + echo.delay);
    if (call_.unsent() > kUnsent) call_.pause_reading();
  } catch (const MalformedMessage&) {
    call_.finish(refusal_status());
  }
  void on_drained() override { call_.resume_reading(); }
  void on_half_close() override { call_.finish(); }

 private:
  ServerCall& call_;
  CallPace& pace_;
};

}  // namespace

void begin_count(ServerCall& call, std::string_view message) {
  auto count = std::make_unique<Count>(call, read_plan(message));
  Count& counting = *count;
  call.attach(std::move(count));
  counting.begin();
}

void write_count(std::string& response, uint64_t index, Instant now, size_t payload) {
  WireWriter writer(response);
  writer.uint_field(kCountedIndex, index);
  writer.int_field(kCountedSentNs, now.time_since_epoch().count());
  if (payload > 0) writer.bytes_field(kCountedPayload, std::string(payload, 'p'));
}

std::unique_ptr<grpc::CallHandler> make_sum(ServerCall& call, CallPace& pace) {
  return std::make_unique<Sum>(call, pace);
}

std::unique_ptr<grpc::CallHandler> make_chat(ServerCall& call, CallPace& pace) {
  return std::make_unique<Chat>(call, pace);
}

}  // namespace perigee
