#include "target/grpc/test_service.h"

#include "engine/grpc/server/server_call.h"
#include "target/grpc/broken_call.h"
#include "target/grpc/echo_message.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/test_fields.h"
#include "target/grpc/test_streams.h"

namespace perigee {
namespace {

using namespace test_fields;
using grpc::ServerCall;
using protobuf::WireReader;

grpc::Status read_status(std::string_view message) {
  grpc::Status status{.code = grpc::Code::kUnknown};
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kFailCode) {
      status.code = grpc::Code{static_cast<uint32_t>(reader.varint())};
    }
    if (reader.field() == kFailMessage) status.message = reader.bytes();
    if (reader.field() == kFailDetails) status.details = reader.bytes();
  });
  return status;
}

// A method that takes one message; what `serve` throws becomes the status.
template <typename Serve>
auto refusing(CallPace& pace, Serve serve) {
  return [&pace, serve](ServerCall& call, std::string_view message) {
    try {
      pace.admit();
      echo_metadata(call);
      serve(call, message);
    } catch (const std::runtime_error&) {
      call.finish(refusal_status(), pace.loaded(call.at()));
    }
  };
}

// A method that takes any number of them.
template <typename Make>
auto streaming(CallPace& pace, Make make) {
  return [&pace, make](ServerCall& call) -> std::unique_ptr<grpc::CallHandler> {
    try {
      pace.admit();
    } catch (const CallRefusal&) {
      call.finish(refusal_status());
      return nullptr;
    }
    echo_metadata(call);
    return make(call, pace);
  };
}

}  // namespace

void TestService::add_to(grpc::Services& services) {
  const auto add = [&](std::string_view path, auto serve) {
    services.add({.path = path, .respond = refusing(pace_, serve), .begin = {}});
  };
  add("/perigee.test.Test/Echo",
      [this](ServerCall& call, std::string_view message) { echo(call, message); });
  add("/perigee.test.Test/Fail",
      [this](ServerCall& call, std::string_view message) { fail(call, message); });
  add("/perigee.test.Test/Hang", [](ServerCall& /*call*/, std::string_view /*message*/) {});
  add("/perigee.test.Test/Count", begin_count);
  services.add(
      {.path = "/perigee.test.Test/Sum", .respond = {}, .begin = streaming(pace_, make_sum)});
  services.add(
      {.path = "/perigee.test.Test/Chat", .respond = {}, .begin = streaming(pace_, make_chat)});
  add("/perigee.test.Test/Break", break_call);
  add("/perigee.test.Test/BreakStream", break_call);
}

void TestService::echo(ServerCall& call, std::string_view message) {
  const EchoMessage echo = read_echo(message);
  std::string response;
  write_echo(response, echo, call.request());
  const Instant due = pace_.loaded(call.at()) + echo.delay;
  call.send(response, due);
  call.finish({}, due);
}

void TestService::fail(ServerCall& call, std::string_view message) {
  call.finish(read_status(message), pace_.loaded(call.at()));
}

}  // namespace perigee
