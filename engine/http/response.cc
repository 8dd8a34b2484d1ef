#include "engine/http/response.h"

#include <fmt/format.h>

namespace perigee::http {
namespace {

// A rare large body must not stay allocated for every VU that has seen one.
constexpr size_t kKeptBodyMemory = 64 * 1024;

}  // namespace

std::string_view version_name(HttpVersion version) {
  switch (version) {
    case HttpVersion::kHttp10:
      return "HTTP/1.0";
    case HttpVersion::kHttp11:
      return "HTTP/1.1";
    case HttpVersion::kHttp2:
      break;
  }
  return "HTTP/2.0";
}

void Response::clear() {
  status = 0;
  version = HttpVersion::kHttp11;
  reason.clear();
  fields.clear();
  trailers.clear();
  body_size = 0;
  body.clear();
  if (body.capacity() > kKeptBodyMemory) body.shrink_to_fit();
  outcome = {};
}

void ResponseCollector::begin(bool keep_body, size_t max_body) {
  response_.clear();
  keep_body_ = keep_body;
  max_body_ = max_body;
}

void ResponseCollector::add_head(const ResponseHead& head) {
  response_.status = head.status;
  response_.version = head.version;
  response_.reason.assign(head.reason);
  response_.fields.assign(head.fields);
  response_.trailers.clear();
}

void ResponseCollector::add_body(std::string_view bytes) {
  response_.body_size += bytes.size();
  if (keep_body_ && response_.body_size <= max_body_) response_.body.append(bytes);
}

void ResponseCollector::add_trailers(std::string_view fields) {
  response_.trailers.assign(fields);
}

Response& ResponseCollector::end(const Outcome& outcome) {
  response_.outcome = outcome;
  Error& error = response_.outcome.error;
  if (!error && keep_body_ && response_.body_size > max_body_) {
    error = {ErrorCode::kGeneric, fmt::format("the body is larger than {} bytes", max_body_)};
  }
  if (error) response_.status = 0;
  return response_;
}

}  // namespace perigee::http
