#include "target/answer.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace perigee {

Answer json_answer(int status, std::string json) {
  Answer answer;
  answer.status = status;
  answer.content_type = kJson;
  answer.text = std::move(json);
  return answer;
}

Answer error_answer(int status, std::string_view message) {
  const nlohmann::json document{{"error", message}};
  using nlohmann::json;
  return json_answer(status, document.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 418:
      return "I'm a Teapot";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Unknown";
  }
}

void append_head(std::string& out, const Answer& answer, const Framing& framing) {
  if (answer.status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", answer.status,
                   reason_phrase(answer.status));
  }
  if (!answer.content_type.empty()) {
    out += "Content-Type: ";
    out += answer.content_type;
    out += "\r\n";
  }
  if (answer.status != 204 && answer.status != 304) {
    out += "Content-Length: ";
    const fmt::format_int length(answer.body().size());
    out.append(length.data(), length.size());
    out += "\r\n";
  }
  if (framing.close) {
    out += "Connection: close\r\n";
  } else if (framing.http10) {
    out += "Connection: keep-alive\r\n";
  }
  out += answer.fields;
  out += "\r\n";
}

}  // namespace perigee
