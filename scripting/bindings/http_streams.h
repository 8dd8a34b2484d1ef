// The streamed answers of one worker's scripts.
#pragma once

#include <deque>
#include <vector>

#include "scripting/bindings/http_sender.h"
#include "scripting/bindings/http_stream.h"

namespace perigee {

// Gives scripts their streams and takes them back. The sender must outlive it.
class HttpStreams final : private HttpStreamOwner {
 public:
  HttpStreams(HttpSender& sender, const http::StreamMetricIds& ids) : sender_(sender), ids_(ids) {}

  // Pushes http.stream.
  void push_function(lua_State* L);

  ScriptHost& host() { return sender_.host(); }
  // Sends a request for the table at `table`. See `HttpStream::open`.
  void open(lua_State* L, LuaVu& vu, int table, const HttpArguments& arguments);

 private:
  void on_exchange(HttpOperation& operation, const http::Response& response,
                   bool challenge) override;
  http::RequestTagsId redirected_tags(const HttpOperation& operation) override;
  // Streams end by themselves.
  void on_done(HttpOperation& /*operation*/, http::Response& /*response*/) override {}
  void on_cancelled(HttpOperation& operation, const http::CutOff& cut_off) override;
  bool may_pause(const HttpOperation& operation) override { return sender_.may_pause(operation); }

  TagSetId tags_of(const HttpStream& stream, const http::Response& response) override;
  void record(const HttpStream& stream, const http::Response& response) override;
  void publish(HttpStream& stream, http::Response& response) override;
  void finished(HttpStream& stream, bool cut_off) override;

  HttpSender& sender_;
  const http::StreamMetricIds ids_;
  std::deque<HttpStream> streams_;
  std::vector<HttpStream*> free_;
};

}  // namespace perigee
