// What went wrong with a request, in k6's numbers and words.
#pragma once

#include <string_view>

#include "engine/http/response.h"
#include "engine/net/resolver.h"

namespace perigee::http {

// Why a host name has no address.
Error lookup_error(const Resolver::Answer& answer);

// Why a connection could not be made; `error` is an errno. Where the machine's own limits are the
// cause, the text says what to do.
Error dial_error(int error);
Error dial_timeout();

// How an open connection failed; `error` is an errno.
Error stream_error(int error);

// The peer closed the connection in order, before or in the middle of an answer.
Error cut_off(bool answer_begun);

Error request_timeout();
Error malformed_response(std::string_view reason);

}  // namespace perigee::http
