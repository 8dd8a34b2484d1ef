// A client of gRPC over a plain socket, which sends what a test wrote down, right or wrong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/grpc/message_frame.h"
#include "tests/support/http2_client.h"

namespace perigee {

struct GrpcAnswer {
  int code = -1;  // of grpc-status; -1 if there is none
  std::string message;
  std::vector<std::string> messages;  // as they came, packed or not
  bool compressed = false;            // the last of them
  bool head_only = false;
  int http_status = 0;
  std::map<std::string, std::string> head, trailers;
  http2::ErrorCode http2_code = http2::ErrorCode::kNoError;

  std::string only() const { return messages.size() == 1 ? messages.front() : "not one message"; }
};

class GrpcClient {
 public:
  explicit GrpcClient(uint16_t port) : http(port) {}

  static std::string frame(std::string_view message, bool compressed = false) {
    std::string out;
    grpc::append_frame(out, message, compressed);
    return out;
  }
  static Http2Stream::Fields head(const std::string& path, const Http2Stream::Fields& more = {}) {
    Http2Stream::Fields fields{{":method", "POST"}, {":scheme", "http"},
                               {":authority", "a"}, {":path", path},
                               {"te", "trailers"},  {"content-type", "application/grpc"}};
    for (const auto& field : more)
      fields.push_back(field);
    return fields;
  }

  // Begins a call, and leaves it open.
  Http2Stream& open(const std::string& path, const Http2Stream::Fields& more = {}) {
    return http.open(head(path, more));
  }
  // A whole call with one message, or with these bytes instead of messages.
  GrpcAnswer call(const std::string& path, std::string_view message,
                  const Http2Stream::Fields& more = {}) {
    return call_bytes(path, frame(message), more);
  }
  GrpcAnswer call_bytes(const std::string& path, std::string_view bytes,
                        const Http2Stream::Fields& more = {}) {
    Http2Stream& stream = open(path, more);
    stream.send(bytes);
    stream.end();
    return finish(stream);
  }

  // What the call has given, at its end or at that of the connection.
  GrpcAnswer finish(Http2Stream& stream) {
    http.finish(stream);
    return answer(stream);
  }
  // The same so far.
  static GrpcAnswer answer(const Http2Stream& stream);
  // Runs until so many messages have come.
  void await(const Http2Stream& stream, size_t messages) {
    http.run_until([&] { return stream.over() || answer(stream).messages.size() >= messages; });
  }

  Http2Client http;
};

inline GrpcAnswer GrpcClient::answer(const Http2Stream& stream) {
  GrpcAnswer answer;
  answer.http_status = stream.status;
  answer.head = stream.head;
  answer.head_only = stream.head_only;
  answer.trailers = stream.head_only ? stream.head : stream.trailers;
  answer.http2_code = stream.code;
  const auto status = answer.trailers.find("grpc-status");
  if (status != answer.trailers.end()) answer.code = std::stoi(status->second);
  const auto message = answer.trailers.find("grpc-message");
  if (message != answer.trailers.end()) answer.message = message->second;
  grpc::FrameReader frames(256 << 20);
  frames.feed(stream.body);
  while (const auto frame = frames.next()) {
    answer.messages.emplace_back(frame->bytes);
    answer.compressed = frame->compressed;
  }
  return answer;
}

}  // namespace perigee
