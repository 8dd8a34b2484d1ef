// Unpacks the messages of one direction of a call.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/grpc/status.h"
#include "engine/http/content_decoder.h"

namespace perigee::grpc {

class MessageDecoder {
 public:
  // `encoding` is the value of grpc-encoding; empty if there is none. What unpacks is made for the
  // first packed message.
  void begin(std::string_view encoding);
  // Unpacks a compressed message to at most `max_size` bytes, which stay until the next call.
  // Returns what is wrong with it.
  Status decode(std::string_view packed, size_t max_size);
  std::string_view message() const { return message_; }

 private:
  bool find_decoder();
  Status run(std::string_view packed, size_t max_size);

  std::string encoding_;
  std::unique_ptr<http::ContentDecoder> decoder_;
  std::string message_;
};

}  // namespace perigee::grpc
