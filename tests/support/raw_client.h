// A client of plain POSIX sockets: it sends the bytes a test wrote down and reads answers, so that
// a server's HTTP is held against code that shares nothing with it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace perigee {

struct RawAnswer {
  int status = 0;
  std::string reason;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// One blocking connection to 127.0.0.1. Whatever takes longer than 20 s throws std::runtime_error.
class RawClient {
 public:
  explicit RawClient(uint16_t port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  // Nothing more is sent; what comes can still be read.
  void half_close();

  // Reads one answer, with a body of the length it promises or of chunks.
  RawAnswer read_answer();
  // The same for the answer to a HEAD request.
  RawAnswer read_head();
  // What has come, at least a byte; nothing when the server has closed the connection.
  std::string read_some();
  // Reads until the server has closed the connection.
  std::string read_to_end();
  // Whether the server ends the connection by a reset, with nothing sent before.
  bool is_reset();
  // Whether nothing has come so far.
  bool silent();

  // Sends a request without a body and reads the answer.
  RawAnswer get(std::string_view target);
  // Sends a request with a body and reads the answer.
  RawAnswer post(std::string_view target, std::string_view body, std::string_view fields = {});

 private:
  bool fill();
  size_t read_chunk_size();
  std::string take(size_t size);

  int fd_;
  std::string unread_;
};

}  // namespace perigee
