// What went wrong with a request, in k6's numbers and words.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/http/response.h"
#include "engine/net/resolver.h"
#include "engine/net/stream.h"

namespace perigee::http {

// Why a host name has no address.
Error lookup_error(const Resolver::Answer& answer);

// The options keep connections away from the host, or from its address.
Error blocked_hostname();
Error blocked_ip();

// None of the host's addresses is of a family that the options allow: dns.policy, or `local`, where
// the connection must come from.
Error no_usable_address(const Address& local);

// Why a connection could not be made from a local address that the options name.
Error local_address_error(int error, const Address& local);

// The same as `error`, for a connection to a proxy at `host`:`port`.
Error proxy_error(const Error& error, std::string_view host, uint16_t port);

// Why a connection could not be made; `error` is an errno. Where the machine's own limits are the
// cause, the text says what to do.
Error dial_error(int error);
Error dial_timeout();

// How an open connection failed; `error` is an errno, as the stream told it.
Error stream_error(int error);
// ... as the stream told it, which knows more about TLS.
Error stream_error(int error, const Stream& stream);

// Why TLS could not be had over a new connection; `error` as the stream told it.
Error handshake_error(int error, const Stream& stream);
Error handshake_timeout();

// The peer closed the connection in order, before or in the middle of an answer.
Error cut_off(bool answer_begun);

// An HTTP/2 error code came, or was sent: with a GOAWAY frame from the peer, for a stream, or for
// the connection. `kind` is one of the three numbers of HTTP/2.
Error http2_error(ErrorCode kind, uint32_t code);
// TLS has not agreed on HTTP/2, and nothing else is wanted.
Error no_http2_agreed();
// What came back to HTTP/2 is HTTP/1.1.
Error not_http2();

Error request_timeout();
Error malformed_response(std::string_view reason);

}  // namespace perigee::http
