#include "engine/http/errors.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace perigee::http {
namespace {

// "connection refused": the system's words in the spelling people know from k6.
std::string describe(int error) {
  std::string text = std::generic_category().message(error);
  const bool acronym = text.size() > 1 && text[1] >= 'A' && text[1] <= 'Z';
  if (!acronym && text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] | 0x20);
  return text;
}

ErrorCode code_of(TlsFailure::Kind kind) {
  switch (kind) {
    case TlsFailure::Kind::kProtocol:
      return ErrorCode::kTls;
    case TlsFailure::Kind::kNotTls:
      return ErrorCode::kNotTls;
    case TlsFailure::Kind::kUnknownAuthority:
      return ErrorCode::kUnknownAuthority;
    case TlsFailure::Kind::kWrongHost:
      return ErrorCode::kWrongHost;
  }
  return ErrorCode::kTls;
}

// By their numbers.
constexpr auto kHttp2Codes = std::to_array<std::string_view>(
    {"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
     "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
     "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"});

}  // namespace

Error lookup_error(const Resolver::Answer& answer) {
  return {answer.not_found ? ErrorCode::kNoSuchHost : ErrorCode::kDns, "lookup: " + answer.error};
}

Error blocked_hostname() {
  return {ErrorCode::kBlockedHostname, "hostname is blocked"};
}

Error blocked_ip() {
  return {ErrorCode::kBlockedIp, "ip is blacklisted"};
}

Error no_usable_address(const Address& local) {
  if (local.empty()) {
    return {ErrorCode::kNoSuchHost,
            "lookup: no such host (it has addresses, but none that dns.policy allows)"};
  }
  return {ErrorCode::kDial, fmt::format("dial: the host has no {} address to reach from {}",
                                        local.v6() ? "IPv6" : "IPv4", local.ip())};
}

Error local_address_error(int error, const Address& local) {
  if (error != EADDRNOTAVAIL) return dial_error(error);
  return {ErrorCode::kDialErrno,
          fmt::format("dial: can't connect from {}: it is no address of this machine, or all of "
                      "its ports are in use",
                      local.ip())};
}

Error proxy_error(const Error& error, std::string_view host, uint16_t port) {
  return {ErrorCode::kTcp, fmt::format("proxy {}:{}: {}", host, port, error.text)};
}

Error dial_error(int error) {
  switch (error) {
    case ECONNREFUSED:
      return {ErrorCode::kDialRefused, "dial: connection refused"};
    case ETIMEDOUT:
      return dial_timeout();
    case EMFILE:
      return {ErrorCode::kDialErrno,
              "dial: too many open files; raise the limit of this process with `ulimit -n`"};
    case ENFILE:
      return {ErrorCode::kDialErrno,
              "dial: too many open files in the system; raise fs.file-max with `sysctl` (and "
              "`ulimit -n`)"};
    case EADDRNOTAVAIL:
      return {ErrorCode::kDialErrno,
              "dial: no local port is left; widen net.ipv4.ip_local_port_range with `sysctl`, or "
              "keep connections alive"};
    default:
      return {ErrorCode::kDialErrno, "dial: " + describe(error)};
  }
}

Error dial_timeout() {
  return {ErrorCode::kDialTimeout, "dial: i/o timeout"};
}

Error stream_error(int error) {
  switch (error) {
    case ECONNABORTED:
      return {ErrorCode::kGeneric, "unexpected EOF"};
    case ECONNRESET:
      return {ErrorCode::kReset, "read: connection reset by peer"};
    case EPIPE:
      return {ErrorCode::kBrokenPipe, "write: broken pipe"};
    default:
      return {ErrorCode::kUnknownErrno, "read: " + describe(error)};
  }
}

Error stream_error(int error, const Stream& stream) {
  const TlsFailure* failure = stream.failure();
  if (failure == nullptr) return stream_error(error);
  return {code_of(failure->kind), failure->text};
}

Error handshake_error(int error, const Stream& stream) {
  if (error != 0) return stream_error(error, stream);
  return {ErrorCode::kTls, "tls: the peer closed the connection in the middle of the handshake"};
}

Error handshake_timeout() {
  return {ErrorCode::kTls, "tls: handshake timeout"};
}

Error cut_off(bool answer_begun) {
  return {ErrorCode::kGeneric, answer_begun ? "unexpected EOF" : "EOF"};
}

Error http2_error(ErrorCode kind, uint32_t code) {
  const std::string_view what = kind == ErrorCode::kHttp2GoAway   ? "received GoAway"
                                : kind == ErrorCode::kHttp2Stream ? "stream error"
                                                                  : "connection error";
  const bool known = code < kHttp2Codes.size();
  return {
      known ? static_cast<ErrorCode>(static_cast<int>(kind) + 1 + static_cast<int>(code)) : kind,
      fmt::format(
          "http2: {} with http2 ErrCode {}", what,
          known ? std::string(kHttp2Codes[code]) : fmt::format("unknown error code {:#x}", code))};
}

Error no_http2_agreed() {
  return {ErrorCode::kTls, "http2: the server does not offer HTTP/2 over TLS (ALPN)"};
}

Error not_http2() {
  constexpr uint32_t kProtocolError = 1;
  return {http2_error(ErrorCode::kHttp2Connection, kProtocolError).code,
          "http2: the server does not speak HTTP/2 here: it answered in HTTP/1.1"};
}

Error request_timeout() {
  return {ErrorCode::kRequestTimeout, "request timeout"};
}

Error malformed_response(std::string_view reason) {
  return {ErrorCode::kGeneric, fmt::format("malformed HTTP response: {}", reason)};
}

}  // namespace perigee::http
