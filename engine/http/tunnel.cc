#include "engine/http/tunnel.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/errors.h"

namespace perigee::http {
namespace {

std::string connect_request(const Url& server, std::string_view authorization) {
  const bool v6 = server.host.find(':') != std::string::npos;
  const std::string name = v6 ? fmt::format("[{}]", server.host) : server.host;
  const std::string host = fmt::format("{}:{}", name, server.port);
  std::string request = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", host, host);
  if (!authorization.empty()) request += fmt::format("Proxy-Authorization: {}\r\n", authorization);
  return request + "\r\n";
}

}  // namespace

Tunnel::Tunnel(Stream& stream, const Url& server, std::string_view authorization, Done done)
    : stream_(stream),
      done_(std::move(done)),
      parser_(Http1Parser::Role::kClient, *this, limits::kResponseHead),
      request_(connect_request(server, authorization)) {
  stream_.hand_over(*this);
}

void Tunnel::start() {
  parser_.expect_no_body();
  stream_.write(request_, {});
}

void Tunnel::on_read(std::string_view bytes, Instant /*at*/) {
  while (!bytes.empty() && status_ < 200 && parser_.error().empty())
    bytes.remove_prefix(parser_.feed(bytes));
  if (!parser_.error().empty()) {
    done_(malformed_response(parser_.error()));
  } else if (status_ >= 300) {
    done_({ErrorCode::kTcp, fmt::format("CONNECT was answered with {} {}", status_, reason_)});
  } else if (status_ >= 200 && !bytes.empty()) {
    done_(malformed_response("bytes after the answer to CONNECT"));
  } else if (status_ >= 200) {
    done_({});
  }
}

void Tunnel::on_closed(int error) {
  done_(error == 0 ? cut_off(/*answer_begun=*/!parser_.idle()) : stream_error(error, stream_));
}

void Tunnel::on_head(const Http1Head& head) {
  status_ = head.status;
  reason_ = head.reason;
}

}  // namespace perigee::http
