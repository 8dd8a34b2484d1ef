// The first bytes that a server sends, where they show that it does not speak HTTP/2.
#pragma once

#include <string>
#include <string_view>

namespace perigee::grpc {

// A server of HTTP/2 begins with SETTINGS, a frame whose length is small, so its first byte is 0.
// That of TLS, of HTTP/1 and of any text is another.
class Greeting {
 public:
  // Takes what has come; returns whether it can be judged by now.
  bool take(std::string_view bytes);
  // All bytes so far.
  const std::string& bytes() const { return bytes_; }
  // What the server speaks in place of HTTP/2; empty if it may be that.
  std::string fault() const;

 private:
  std::string bytes_;
};

}  // namespace perigee::grpc
