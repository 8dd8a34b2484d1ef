#include "target/grpc/broken_call.h"

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "target/bad_request.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/test_fields.h"
#include "target/grpc/test_streams.h"

namespace perigee {
namespace {

using namespace test_fields;
using grpc::ServerCall;
using protobuf::WireReader;

// As test.proto numbers them.
enum class Way : uint8_t {
  kReset,
  kClose,
  kGoAway,
  kCutMessage,
  kNoStatus,
  kBadStatus,
  kWrongContentType,
  kHttpStatus,
  kUnknownEncoding,
  kNoEncoding,
  kBadFlag,
  kOversized,
  kNotProtobuf,
  kHang,
};
constexpr uint64_t kLastWay = static_cast<uint64_t>(Way::kHang);
constexpr uint64_t kMaxMessages = 10'000;

struct BreakPlan {
  Way way = Way::kReset;
  uint64_t messages = 0;
  std::string http_status;
};

BreakPlan read_plan(std::string_view message) {
  BreakPlan plan;
  uint64_t way = 0;
  uint64_t http_status = 0;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kBreakWay) way = reader.varint();
    if (reader.field() == kBreakMessages) plan.messages = std::min(reader.varint(), kMaxMessages);
    if (reader.field() == kBreakHttpStatus) http_status = reader.varint();
  });
  if (way > kLastWay) throw BadRequest(fmt::format("there is no way {} to break a call", way));
  if (http_status == 0) http_status = 503;
  if (http_status < 200 || http_status > 599) {
    throw BadRequest(fmt::format("{} is not an HTTP status from 200 to 599", http_status));
  }
  plan.way = static_cast<Way>(way);
  plan.http_status = std::to_string(http_status);
  return plan;
}

class BrokenCall final : public grpc::CallHandler {
 public:
  BrokenCall(ServerCall& call, BreakPlan plan) : call_(call), plan_(std::move(plan)) {}

  void begin() {
    if (plan_.way == Way::kGoAway) call_.stream().go_away();
    if (plan_.way == Way::kWrongContentType) return send_text("200");
    if (plan_.way == Way::kHttpStatus) return send_text(plan_.http_status);
    if (plan_.way == Way::kUnknownEncoding) call_.add_header("grpc-encoding", "snappy");
    if (plan_.messages == 0) return break_off();
    for (uint64_t i = 1; i <= plan_.messages; ++i) {
      std::string response;
      write_count(response, i, call_.now(), 0);
      call_.send(response);
    }
  }
  // What came before has left; then it can't be lost.
  void on_drained() override { break_off(); }

 private:
  // What stands between a client and its server answers like this.
  void send_text(std::string_view status) {
    const std::array<http2::Field, 2> head{{{":status", status}, {"content-type", "text/html"}}};
    call_.abandon();
    call_.stream().send_head(head, false);
    call_.stream().send("<html>not gRPC</html>");
    call_.stream().end({});
  }
  void end_with(std::string_view bytes, std::string_view status) {
    call_.send_head();
    call_.abandon();
    call_.stream().send(bytes);
    const http2::Field field{"grpc-status", status};
    call_.stream().end({&field, status.empty() ? size_t{0} : size_t{1}});
  }

  void break_off() {
    if (std::exchange(broken_, true)) return;
    switch (plan_.way) {
      case Way::kReset:
        return call_.stream().reset(http2::ErrorCode::kInternalError);
      case Way::kClose:
        return call_.stream().cut();
      case Way::kGoAway:
        return call_.finish();
      case Way::kCutMessage:
        return end_with(std::string("\0\0\0\0\x09half", 9), "0");
      case Way::kNoStatus:
        return end_with("", "");
      case Way::kBadStatus:
        return end_with("", "none");
      case Way::kUnknownEncoding:
      case Way::kNoEncoding:
        return end_with(std::string("\1\0\0\0\4text", 9), "0");
      case Way::kBadFlag:
        return end_with(std::string("\7\0\0\0\4text", 9), "0");
      case Way::kOversized:
        return end_with(std::string("\0\x7f\xff\xff\xfftext", 9), "0");
      case Way::kNotProtobuf:
        return end_with(std::string("\0\0\0\0\4\xff\xff\xff\xff", 9), "0");
      default:
        return call_.send_head();  // and nothing else
    }
  }

  ServerCall& call_;
  const BreakPlan plan_;
  bool broken_ = false;
};

}  // namespace

void break_call(ServerCall& call, std::string_view message) {
  auto broken = std::make_unique<BrokenCall>(call, read_plan(message));
  BrokenCall& breaking = *broken;
  call.attach(std::move(broken));
  breaking.begin();
}

}  // namespace perigee
