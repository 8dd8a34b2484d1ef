// Decides whether a request whose connection failed it is sent again.
#pragma once

#include <cstdint>

namespace perigee {
class Stream;
}

namespace perigee::http {

// What is known of a request whose connection ended before its response did.
struct LostRequest {
  bool kept = false;        // the connection had carried another exchange before
  bool responded = false;   // a byte of a response has come
  bool repeatable = false;  // the server may process it twice: its method or the script says so
  bool untaken = false;     // not one byte of it can have reached the server's program
  uint32_t losses = 0;      // how often it has been lost before
};

// Times a request is sent again after kept connections have been lost with it. Over HTTP/2 it may
// meet several in a row, as others that share them have theirs answered.
inline constexpr uint32_t kLostResends = 3;

// Whether nothing that was written to the stream after its first `mark` bytes can have reached the
// server's program. The stream has ended with `error`, as StreamEvents tell it.
bool is_untaken(const Stream& stream, uint64_t mark, int error);

// A server that closes a connection it holds for idle may miss the request that crosses the end.
bool may_send_again(const LostRequest& lost);

// The server has said that it did not process the request, so that it may be sent again whatever
// its method is. `retries`: how often that has happened; `fruitless`: the connection has served no
// other request and does not.
bool may_send_unprocessed_again(uint32_t retries, bool fruitless);

}  // namespace perigee::http
