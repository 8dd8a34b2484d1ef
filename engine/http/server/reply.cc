#include "engine/http/server/reply.h"

#include <iterator>

#include <fmt/format.h>

#include "engine/http/reason_phrase.h"

namespace perigee::http {
namespace {

void append_status_line(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", status, reason_phrase(status));
  }
}

void append_framing(std::string& out, const Reply& reply, const Framing& framing) {
  if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (has_length(reply)) {
    out += "Content-Length: ";
    const fmt::format_int length(reply.body().size());
    out.append(length.data(), length.size());
    out += "\r\n";
  }
  if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.http10) {
    out += "Connection: keep-alive\r\n";
  }
}

}  // namespace

Reply plain_reply(int status, std::string_view text) {
  Reply reply;
  reply.status = status;
  reply.content_type = kPlainText;
  reply.text.append(text).append("\n");
  return reply;
}

bool has_length(const Reply& reply) {
  return reply.stream == nullptr && reply.status >= 200 && reply.status != 204 &&
         reply.status != 304;
}

void append_head(std::string& out, const Reply& reply, const Framing& framing) {
  append_status_line(out, reply.status);
  if (!reply.content_type.empty()) {
    out += "Content-Type: ";
    out += reply.content_type;
    out += "\r\n";
  }
  append_framing(out, reply, framing);
  out += reply.fields;
  out += "\r\n";
}

}  // namespace perigee::http
