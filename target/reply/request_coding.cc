#include "target/reply/request_coding.h"

#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/content_decoder.h"
#include "engine/http/header_fields.h"
#include "target/reply/error_body.h"

namespace perigee {
namespace {

using http::ContentCoding;

constexpr std::string_view kAccepted = "gzip, deflate";
constexpr std::string_view kIdentity = "identity";
constexpr size_t kPiece = 64 * 1024;

// A refusal without the form of its body.
struct Refusal {
  int status = 0;
  std::string message;
};

bool is_accepted(ContentCoding coding) {
  return coding == ContentCoding::kGzip || coding == ContentCoding::kDeflate;
}

// The codings that a header lists, in the order in which they were applied.
std::optional<Refusal> read_codings(std::string_view list, std::vector<ContentCoding>& codings) {
  while (!list.empty()) {
    const size_t comma = list.find(',');
    const std::string_view name = http::trim(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (name.empty() || http::same_ignoring_case(name, kIdentity)) continue;
    const auto coding = http::find_content_coding(name);
    if (!coding || !is_accepted(*coding)) {
      return Refusal{415, fmt::format("Content-Encoding \"{}\" is not supported; send {} or none",
                                      name, kAccepted)};
    }
    if (codings.size() == limits::kContentCodings) {
      return Refusal{
          415, fmt::format("the body may be compressed {} times at most", limits::kContentCodings)};
    }
    codings.push_back(*coding);
  }
  return std::nullopt;
}

Refusal corrupt(ContentCoding coding, std::string_view problem) {
  return {400, fmt::format("the body is not {}, as its Content-Encoding header says: {}",
                           http::name_of(coding), problem)};
}

// Takes one coding off `body`.
std::optional<Refusal> decode(ContentCoding coding, std::string& body) {
  const auto decoder = http::ContentDecoder::make(coding);
  std::string decoded;
  std::array<uint8_t, kPiece> piece;
  std::string_view in = body;
  for (bool full = true; full || !in.empty();) {
    std::span<uint8_t> room = piece;
    if (const char* problem = decoder->decode(in, room)) return corrupt(coding, problem);
    full = room.empty();
    decoded.append(reinterpret_cast<const char*>(piece.data()), piece.size() - room.size());
    if (decoded.size() > limits::kRequestBody) {
      return Refusal{413, fmt::format("the body is too large: unpacked it has more than {} bytes",
                                      limits::kRequestBody)};
    }
  }
  if (!decoder->ended()) return corrupt(coding, http::kDataEndsEarly);
  body = std::move(decoded);
  return std::nullopt;
}

std::optional<Refusal> decode_all(TargetRequest& request) {
  std::vector<ContentCoding> codings;
  if (auto refusal = read_codings(request.field_list("Content-Encoding"), codings)) return refusal;
  for (; !codings.empty(); codings.pop_back()) {
    if (auto refusal = decode(codings.back(), request.body)) return refusal;
  }
  return std::nullopt;
}

}  // namespace

std::optional<http::Reply> decode_request_body(TargetRequest& request) {
  if (request.body.empty()) return std::nullopt;
  const auto refusal = decode_all(request);
  if (!refusal) return std::nullopt;
  http::Reply response = error_for_path(request.path(), refusal->status, refusal->message);
  if (refusal->status == 415) response.fields = fmt::format("Accept-Encoding: {}\r\n", kAccepted);
  return response;
}

}  // namespace perigee
