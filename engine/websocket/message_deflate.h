// The compression of permessage-deflate: messages packed and unpacked with zlib.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace perigee::websocket {

// Packs whole messages. With `keep_context` a message may refer to those before it.
class MessageDeflater {
 public:
  // `window_bits` from 8 to 15.
  MessageDeflater(int window_bits, bool keep_context);
  ~MessageDeflater();
  MessageDeflater(const MessageDeflater&) = delete;
  MessageDeflater& operator=(const MessageDeflater&) = delete;

  // The packed message; valid until the next call.
  std::string_view pack(std::string_view message);

 private:
  std::unique_ptr<z_stream_s> stream_;
  const bool keep_context_;
  std::string packed_;
};

// Unpacks messages that come in pieces.
class MessageInflater {
 public:
  enum class Result { kOk, kTooLarge, kDamaged };

  MessageInflater(int window_bits, bool keep_context);
  ~MessageInflater();
  MessageInflater(const MessageInflater&) = delete;
  MessageInflater& operator=(const MessageInflater&) = delete;

  // Appends what `bytes` unpack to, up to a size of `limit`.
  Result unpack(std::string_view bytes, std::string& message, size_t limit);
  // The message is whole.
  Result finish(std::string& message, size_t limit);
  // Forgets a message that was not finished, and all before it.
  void reset();

 private:
  std::unique_ptr<z_stream_s> stream_;
  const bool keep_context_;
  bool ended_ = false;  // the sender has ended the stream: the rest of the message is empty
};

}  // namespace perigee::websocket
