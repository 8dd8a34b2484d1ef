// The body of a request and the headers that describe it.
#include <optional>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "engine/http/multipart.h"
#include "scripting/bindings/http/request_reader.h"
#include "scripting/bindings/http_form.h"

namespace perigee {

// The lengths of names, and the first letter of the value, leave nearly every header after a look.
void RequestReader::notice_header(const http::Header& header) {
  constexpr std::string_view kLength = "content-length";
  constexpr std::string_view kEncoding = "transfer-encoding";
  constexpr std::string_view kType = "content-type";
  const auto [name, value] = header;
  if (name.size() == kType.size()) {
    const bool may_be = !value.empty() && (value.front() | 0x20) == 'm';
    if (may_be && http::same_ignoring_case(name, kType)) {
      gives_multipart_ = http::is_multipart(value);
    }
  } else if ((name.size() == kLength.size() && http::same_ignoring_case(name, kLength)) ||
             (name.size() == kEncoding.size() && http::same_ignoring_case(name, kEncoding))) {
    gives_framing_ = true;
  }
}

void RequestReader::read_form(lua_State* L, int index) {
  http::Header* const header = find_header("content-type");
  const std::string_view given = header != nullptr ? header->value : std::string_view();
  FormBody form = read_form_body(L, index, given, random_);
  check_form(given, form.in_parts);
  spec_->body = std::move(form.text);
  spec_->request.body = spec_->body;
  content_type_ = std::move(form.content_type);
  if (header != nullptr) {
    header->value = content_type_;
  } else {
    spec_->headers.push_back({"Content-Type", content_type_});
  }
}

// A table is sent as a form whatever the header says; `in_parts`: as a multipart one.
void RequestReader::check_form(std::string_view given_type, bool in_parts) {
  const bool has_no_body = spec_->method == "GET" || spec_->method == "HEAD";
  if (has_no_body && sent_) {
    log_.once(LogLevel::kWarning, "form without a body",
              fmt::format("The fields of a {} are sent in its body, where servers do not look for "
                          "them: put them behind the URL, with url.build_query of perigee.url",
                          request_name()));
  }
  // A type with "form" in its name is meant, whatever it is, but not for parts.
  const std::string type = http::media_type(given_type);
  if (type.empty() || http::is_multipart(type)) return;
  if (!in_parts && type.find("form") != std::string::npos) return;
  const bool json = type.ends_with("json");
  warn("form of another type",
       fmt::format("The body of a {} is a table, which is sent as a form, but its header says "
                   "Content-Type: {}; {}",
                   request_name(), given_type,
                   json ? "json.encode makes JSON of a table"
                        : "leave the header out, or give the body as a string"));
}

void RequestReader::check_boundary() {
  const http::Header* const header = find_header("content-type");
  if (spec_->request.body.empty() && !spec_->source) return;
  if (http::boundary_of(header->value)) return;
  warn("no boundary",
       fmt::format("The header Content-Type: {} of a {} names no boundary, without which no server "
                   "can read the body: name it, or give the body as a table of fields and "
                   "http.file(...), which gets one",
                   header->value, request_name()));
}

http::Header* RequestReader::find_header(std::string_view name) {
  for (http::Header& header : spec_->headers) {
    if (http::same_ignoring_case(header.name, name)) return &header;
  }
  return nullptr;
}

void RequestReader::drop_header(std::string_view name) {
  std::erase_if(spec_->headers, [name](const http::Header& header) {
    return http::same_ignoring_case(header.name, name);
  });
}

void RequestReader::compress_body() {
  if (spec_->source) {
    throw std::runtime_error(
        "compression is for bodies that are strings or forms, not for those that are made while "
        "they are sent");
  }
  if (spec_->request.body.empty()) return;
  plain_body_ = std::string(spec_->request.body);
  spec_->plain_body = plain_body_;
  spec_->body = http::encode_body(codings_, spec_->plain_body);
  spec_->request.body = spec_->body;
  content_encoding_ = http::content_encoding(codings_);
  const http::Header* const given = find_header("content-encoding");
  if (given != nullptr && !http::same_ignoring_case(given->value, content_encoding_)) {
    warn("content-encoding", fmt::format("The header Content-Encoding: {} of a {} is not sent: the "
                                         "parameter compression has made the body {}",
                                         given->value, request_name(), content_encoding_));
  }
  drop_header("content-encoding");
  spec_->headers.push_back({"Content-Encoding", content_encoding_});
}

void RequestReader::drop_framing() {
  if (const http::Header* given = find_header("content-length")) check_length(given->value);
  if (const http::Header* given = find_header("transfer-encoding")) {
    check_transfer_encoding(given->value);
  }
  drop_header("content-length");
  drop_header("transfer-encoding");
}

// The client tells the length itself: a header with another one would only break the connection.
void RequestReader::check_length(std::string_view given) {
  const std::optional<uint64_t> size =
      spec_->source ? spec_->source->size() : spec_->request.body.size();
  const std::string length = size ? fmt::format("{}", *size) : "an unknown number of";
  if (given == length || !sent_) return;
  log_.limited(LogLevel::kWarning, "content-length",
               fmt::format("The header Content-Length: {} of a {} is not sent: the body has {} "
                           "bytes",
                           given, request_name(), length));
}

void RequestReader::check_transfer_encoding(std::string_view given) {
  const bool in_chunks = spec_->source && !spec_->source->size();
  if (in_chunks && http::same_ignoring_case(given, "chunked")) return;
  warn(
      "transfer-encoding",
      fmt::format("The header Transfer-Encoding: {} of a {} is not sent: {}", given, request_name(),
                  in_chunks ? "the body is sent in chunks, and in nothing else"
                            : "the body is sent with its length; http.body_from(function) makes "
                              "one that is sent in chunks"));
}

void RequestReader::warn(std::string_view kind, const std::string& text) {
  if (sent_) log_.once(LogLevel::kWarning, fmt::format("{} {}", kind, request_name()), text);
}

std::string RequestReader::request_name() const {
  const std::string_view url = !name_.empty()       ? name_
                               : spec_->request.url ? std::string_view(spec_->request.url->text)
                                                    : std::string_view(spec_->url_text);
  return fmt::format("{} to {}", spec_->method, url);
}

}  // namespace perigee
