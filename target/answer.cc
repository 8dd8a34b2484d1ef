#include "target/answer.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/http/reason_phrase.h"

namespace perigee {

Answer json_answer(int status, std::string json) {
  Answer answer;
  answer.status = status;
  answer.content_type = kJsonType;
  answer.text = std::move(json);
  return answer;
}

Answer error_answer(int status, std::string_view message) {
  const nlohmann::json document{{"error", message}};
  using nlohmann::json;
  return json_answer(status, document.dump(-1, ' ', false, json::error_handler_t::replace));
}

void append_head(std::string& out, const Answer& answer, const Framing& framing) {
  if (answer.status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
  } else {
    fmt::format_to(std::back_inserter(out), "HTTP/1.1 {} {}\r\n", answer.status,
                   http::reason_phrase(answer.status));
  }
  if (!answer.content_type.empty()) {
    out += "Content-Type: ";
    out += answer.content_type;
    out += "\r\n";
  }
  if (framing.chunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (answer.stream == nullptr && answer.status != 204 && answer.status != 304) {
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
