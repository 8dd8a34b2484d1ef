// The body of a request and the headers that describe it.
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/http_form.h"

namespace perigee {

void HttpCallReader::read_form(lua_State* L, int index) {
  FormBody form = read_form_body(L, index, random_);
  call_.body = std::move(form.text);
  call_.owns_body = true;
  call_.request.body = call_.body;
  content_type_ = std::move(form.content_type);
}

const http::Header* HttpCallReader::find_header(std::string_view name) const {
  for (const http::Header& header : call_.headers) {
    if (http::same_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

void HttpCallReader::drop_header(std::string_view name) {
  std::erase_if(call_.headers, [name](const http::Header& header) {
    return http::same_ignoring_case(header.name, name);
  });
}

void HttpCallReader::describe_body() {
  if (!content_type_.empty() && find_header("content-type") == nullptr) {
    call_.headers.push_back({"Content-Type", content_type_});
  }
  if (!codings_.empty() && call_.source) {
    throw std::runtime_error(
        "compression is for bodies that are strings or forms, not for those that are made while "
        "they are sent");
  }
  if (codings_.empty() || call_.request.body.empty()) return;
  plain_body_ = std::string(call_.request.body);
  call_.plain_body = plain_body_;
  call_.body = http::encode_body(codings_, call_.plain_body);
  call_.owns_body = true;
  call_.request.body = call_.body;
  content_encoding_ = http::content_encoding(codings_);
  drop_header("content-encoding");
  call_.headers.push_back({"Content-Encoding", content_encoding_});
}

// The client tells the length itself: a header with another one would only break the connection.
void HttpCallReader::drop_length() {
  const std::optional<uint64_t> size =
      call_.source ? call_.source->size() : call_.request.body.size();
  const std::string length = size ? fmt::format("{}", *size) : "an unknown number of";
  const http::Header* given = find_header("content-length");
  if (given->value != length) {
    log_.limited(LogLevel::kWarning, "content-length",
                 fmt::format("The header Content-Length: {} of a {} to {} is not sent: the body "
                             "has {} bytes",
                             given->value, call_.method,
                             call_.request.url ? call_.request.url->text : call_.url_text, length));
  }
  drop_header("content-length");
}

}  // namespace perigee
