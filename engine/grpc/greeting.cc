#include "engine/grpc/greeting.h"

namespace perigee::grpc {
namespace {

constexpr std::string_view kHttp1 = "HTTP/1.";
constexpr char kTlsAlert = 0x15;
constexpr char kTlsHandshake = 0x16;

}  // namespace

bool Greeting::take(std::string_view bytes) {
  bytes_ += bytes;
  return bytes_.size() >= kHttp1.size() || !kHttp1.starts_with(bytes_);
}

std::string Greeting::fault() const {
  if (bytes_.empty() || bytes_[0] == 0) return {};
  if (bytes_[0] == kTlsAlert || bytes_[0] == kTlsHandshake) {
    return "the server speaks TLS: leave out plaintext";
  }
  if (bytes_.starts_with(kHttp1)) return "the server speaks HTTP/1.1, not HTTP/2";
  return "what has come is not HTTP/2";
}

}  // namespace perigee::grpc
