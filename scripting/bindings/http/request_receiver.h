// What a request is part of if its VU does not simply wait for it: a batch, a promise.
#pragma once

#include <cstddef>

#include "scripting/lua.h"

namespace perigee {

// The calls are given `index`, the request's number there.
class RequestReceiver {
 public:
  // Pushes what the script wrote as method, URL, body and parameters.
  virtual void push_request(lua_State* L, size_t index) = 0;
  // Takes the result from the top of the stack: the response, or the message to be thrown.
  virtual void store(lua_State* L, size_t index) = 0;
  // Follows on `store`, when the request has left its VU.
  virtual void go_on(size_t index) = 0;
  // The request was cut off with its iteration; neither of the others will be called.
  virtual void cancelled(size_t index) = 0;

 protected:
  ~RequestReceiver() = default;
};

}  // namespace perigee
