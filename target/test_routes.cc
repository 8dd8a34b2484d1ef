#include "target/test_routes.h"

#include <algorithm>
#include <bit>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/http/header_fields.h"

namespace perigee {
namespace {

constexpr uint64_t kMostBytes = 64 * 1024 * 1024;
constexpr uint64_t kLongestDelayMs = 3'600'000;
constexpr uint64_t kMostRedirects = 1'000;
// Below this, all sizes share one body.

constexpr size_t kSmallestFiller = 16;

http::Reply refuse(std::string_view route, std::string_view argument, std::string_view wanted) {
  return error_reply(400, fmt::format("{}: \"{}\" is not {}", route, argument, wanted));
}

http::Reply plain(std::string text) {
  http::Reply reply;
  reply.content_type = http::kPlainText;
  reply.text = std::move(text);
  return reply;
}

http::Reply status(std::string_view argument) {
  const auto code = parse_number(argument);
  if (!code || *code < 200 || *code > 599) {
    return refuse("/status/{code}", argument, "a status from 200 to 599");
  }
  http::Reply reply;
  reply.status = static_cast<int>(*code);
  if (*code / 100 == 3 && *code != 304) reply.fields = "Location: /status/200\r\n";
  return reply;
}

http::Reply redirect(std::string_view argument) {
  const auto left = parse_number(argument);
  if (!left || *left > kMostRedirects) {
    return refuse("/redirect/{n}", argument, "a number of redirects up to 1000");
  }
  if (*left == 0) return plain("arrived\n");
  http::Reply reply;
  reply.status = 302;
  reply.fields = fmt::format("Location: /redirect/{}\r\n", *left - 1);
  return reply;
}

http::Reply echo(const TargetRequest& request) {
  nlohmann::json headers = nlohmann::json::object();
  http::HeaderFields rest(request.fields());
  while (const auto field = rest.next()) {
    nlohmann::json& known = headers[std::string(field->name)];
    known = known.is_null() ? std::string(field->value)
                            : fmt::format("{}, {}", known.get<std::string>(), field->value);
  }
  const nlohmann::json document{{"method", request.method()},
                                {"path", request.path()},
                                {"query", request.query()},
                                {"headers", std::move(headers)},
                                {"body", request.body}};
  return json_reply(200, document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

// One piece of text with trailers behind it.
class TrailedBody final : public http::BodyStream {
 public:
  explicit TrailedBody(Instant due) : due_(due) {}
  bool over() const override { return over_; }
  Instant due() const override { return due_; }
  void take(std::string& out, Instant /*now*/) override {
    out += "trailers follow\n";
    over_ = true;
  }
  std::string_view trailers() const override {
    return "X-Checksum: 7\r\nServer-Timing: total;dur=1\r\n";
  }

 private:
  const Instant due_;
  bool over_ = false;
};

http::Reply trailed(Instant at) {
  http::Reply reply;
  reply.content_type = http::kPlainText;
  reply.fields = "Trailer: X-Checksum, Server-Timing\r\n";
  reply.stream = std::make_unique<TrailedBody>(at);
  return reply;
}

http::Reply delivered(http::Reply reply, http::Delivery delivery) {
  reply.delivery = delivery;
  return reply;
}

}  // namespace

http::Reply TestRoutes::reply(const TargetRequest& request, Instant at) {
  const auto& arguments = request.route().arguments;
  switch (request.route().id) {
    case RouteId::kBytes:
      return bytes(arguments[0]);
    case RouteId::kStatus:
      return status(arguments[0]);
    case RouteId::kDelay:
      return delayed(arguments[0], plain("waited\n"), at);
    case RouteId::kDelayBytes:
      return delayed(arguments[0], bytes(arguments[1]), at);
    case RouteId::kEcho:
      return echo(request);
    case RouteId::kRedirect:
      return redirect(arguments[0]);
    case RouteId::kClose:
      return delivered(plain("closing\n"), http::Delivery::kClose);
    case RouteId::kCloseSilently:
      return delivered(plain("closing\n"), http::Delivery::kCloseSilently);
    case RouteId::kReset:
      return delivered({}, http::Delivery::kReset);
    case RouteId::kHalf:
      return delivered(bytes(arguments[0]), http::Delivery::kHalf);
    case RouteId::kGarbage:
      return delivered(plain("garbage, not HTTP\r\n\r\n"), http::Delivery::kGarbage);
    case RouteId::kTrailers:
      return trailed(at);
    case RouteId::kWebSocketEcho:  // over HTTP/1.1 it has not come here
      return error_reply(400, "a WebSocket begins with a request of HTTP/1.1, not of HTTP/2");
    default:
      return delivered({}, http::Delivery::kHang);
  }
}

http::Reply TestRoutes::bytes(std::string_view argument) {
  const auto size = parse_number(argument);
  if (!size || *size > kMostBytes) {
    return refuse("/bytes/{n}", argument, "a number of bytes up to 67108864");
  }
  http::Reply reply;
  reply.content_type = http::kPlainText;
  reply.lasting = filler(*size);
  return reply;
}

http::Reply TestRoutes::delayed(std::string_view argument, http::Reply reply, Instant at) {
  const auto ms = parse_number(argument);
  if (!ms || *ms > kLongestDelayMs) {
    return refuse("/delay/{ms}", argument, "a number of milliseconds up to 3600000");
  }
  reply.due = at + std::chrono::milliseconds(*ms);
  return reply;
}

std::string_view TestRoutes::filler(size_t size) {
  const auto slot = static_cast<size_t>(std::bit_width(std::max(size, kSmallestFiller) - 1));
  std::string& filler = fillers_[slot];
  if (filler.empty()) {
    filler.resize(size_t{1} << slot);
    for (size_t i = 0; i < filler.size(); ++i)
      filler[i] = static_cast<char>('a' + i % 26);
  }
  return std::string_view(filler).substr(0, size);
}

}  // namespace perigee
