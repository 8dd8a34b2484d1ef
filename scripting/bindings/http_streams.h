// The streamed answers of one worker's scripts.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "scripting/bindings/http/worker.h"
#include "scripting/bindings/http_stream.h"

namespace perigee {

// Gives scripts their streams and takes them back. The worker must outlive it.
class HttpStreams {
 public:
  HttpStreams(HttpWorker& worker, const http::StreamMetricIds& ids) : worker_(worker), ids_(ids) {}

  // Adds the function `stream` to the table on top of the stack.
  void add_functions(lua_State* L);

  ScriptHost& host() { return worker_.host(); }
  // Sends a request for the script's table at `table`; see `HttpStream::open`. Where its URL is
  // invalid, the table gets its response at once.
  void open(lua_State* L, int table, const RequestArguments& arguments);
  // Nothing needs the object any more.
  void recycle(HttpStream& stream) { free_.push_back(&stream); }

 private:
  // One that has not been opened yet is free again when it goes out of scope.
  struct Recycle {
    HttpStreams* streams;
    void operator()(HttpStream* stream) const { streams->recycle(*stream); }
  };
  std::unique_ptr<HttpStream, Recycle> take();

  HttpWorker& worker_;
  const http::StreamMetricIds ids_;
  std::deque<HttpStream> streams_;
  std::vector<HttpStream*> free_;
};

}  // namespace perigee
