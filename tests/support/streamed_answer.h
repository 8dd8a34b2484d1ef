// The parts of an answer in chunks, as a scripted HTTP/1.1 server sends them.
#pragma once

#include <cstdio>
#include <string>

namespace perigee {

// The head of a stream in chunks, and its end.
inline const std::string kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
inline const std::string kStreamEnd = "0\r\n\r\n";

inline std::string chunk(const std::string& text) {
  std::string size(16, '\0');
  size.resize(static_cast<size_t>(std::snprintf(size.data(), size.size(), "%zx", text.size())));
  return size + "\r\n" + text + "\r\n";
}

}  // namespace perigee
