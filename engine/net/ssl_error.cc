#include "engine/net/ssl_error.h"

#include <array>
#include <ctime>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace perigee {
namespace {

using Kind = TlsFailure::Kind;

constexpr const char* kNotTls = "tls: first record does not look like a TLS handshake";

std::string time_text(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 32> text{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "an unknown time";
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

TlsFailure invalid_now(const char* what, const ASN1_TIME* time) {
  return {Kind::kProtocol, fmt::format("x509: certificate has expired or is not yet valid: {} {}",
                                       what, time_text(time))};
}

}  // namespace

TlsFailure certificate_failure(const x509_st* certificate, int reason) {
  switch (reason) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:  // an authority has the name of one that is trusted
      return {Kind::kUnknownAuthority, "x509: unknown authority"};
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return {Kind::kWrongHost, "x509: certificate doesn't match hostname"};
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return invalid_now("it was valid until", X509_get0_notAfter(certificate));
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return invalid_now("it is valid from", X509_get0_notBefore(certificate));
    default:
      return {Kind::kProtocol, fmt::format("x509: {}", X509_verify_cert_error_string(reason))};
  }
}

TlsFailure take_tls_failure() {
  const unsigned long error = ERR_peek_error();
  const bool known = error != 0 && ERR_GET_LIB(error) == ERR_LIB_SSL;
  const int reason = known ? ERR_GET_REASON(error) : 0;
  if (reason == SSL_R_WRONG_VERSION_NUMBER) {
    ERR_clear_error();
    return {Kind::kNotTls, kNotTls};
  }
  // Alerts of the peer have the numbers above this one.
  if (reason > SSL_AD_REASON_OFFSET) {
    ERR_clear_error();
    const int alert = reason - SSL_AD_REASON_OFFSET;
    return {Kind::kProtocol,
            fmt::format("remote error: tls: {}", SSL_alert_desc_string_long(alert))};
  }
  return {Kind::kProtocol, "tls: " + take_ssl_reason("the connection failed")};
}

std::string take_ssl_reason(const char* otherwise) {
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  ERR_clear_error();
  return reason == nullptr ? otherwise : reason;
}

}  // namespace perigee
