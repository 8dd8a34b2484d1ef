// What scripted HTTP/1.1 servers say.
#pragma once

#include <string>
#include <vector>

#include "tests/support/raw_server.h"

namespace perigee {

// An answer with these headers ("A: b\r\n...") and this body, whose length it tells.
inline std::string answer(const std::string& status, const std::string& headers = {},
                          const std::string& body = {}) {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// "200 OK" with this body.
inline std::string ok(const std::string& body) {
  return answer("200 OK", {}, body);
}

// Gives the answers one after the other on each connection, then waits.
inline RawServer::Script answers(const std::vector<std::string>& texts) {
  RawServer::Script script;
  for (const std::string& text : texts) {
    script.push_back(RawServer::request());
    script.push_back(RawServer::send(text));
  }
  script.push_back(RawServer::hang());
  return script;
}

// Answers so many requests with "x", then waits.
inline RawServer::Script answers(int count) {
  return answers(std::vector<std::string>(static_cast<size_t>(count), ok("x")));
}

}  // namespace perigee
