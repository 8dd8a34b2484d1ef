// Sends the requests of one worker's scripts and turns what comes back into Lua values.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "engine/http/http_metrics.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/bindings/http_batch.h"
#include "scripting/bindings/http_call.h"
#include "scripting/bindings/http_clients.h"
#include "scripting/bindings/http_operation.h"
#include "scripting/bindings/http_promise.h"
#include "scripting/bindings/http_response.h"
#include "scripting/bindings/streamed_bodies.h"
#include "scripting/script_host.h"

namespace perigee {

class HttpSender final : private HttpOperationOwner,
                         private BatchRunner,
                         private HttpPromise::Owner {
 public:
  HttpSender(ScriptHost& host, const http::HttpMetricIds& ids, const http::ProxySettings& proxies);

  // Called once, before anything else, with a function on top of the stack that describes a request
  // (see `HttpResponseBuilder::open`), which is replaced by the function that builds a response of
  // what `send` returns.
  void open(lua_State* L);

  ScriptHost& host() { return host_; }
  ExpectedStatuses& statuses() { return statuses_; }
  HttpCallReader& reader() { return reader_; }
  StreamedBodies& bodies() { return bodies_; }
  // What the VU has, made when it is first asked for.
  HttpVu& http_of(LuaVu& vu);
  // A client for the VU whose init code runs. Throws std::runtime_error.
  const HttpClient& make_client(const HttpClientOptions& options);

  // Sends a request whose VU waits for it: `return sender.send(...)` from a binding. Its results
  // are the parts of a response, or nil and a message to be thrown.
  int send(lua_State* L, LuaVu& vu, HttpArguments arguments);
  // Sends the request of the promise at `promise`. Null if it could not be sent and has its result.
  HttpPromise* promise(lua_State* L, LuaVu& vu, int promise, HttpArguments arguments);
  // Sends the list of requests at index 1; see `check_batch`. Its result is the list of responses,
  // or false and a message to be thrown.
  // `client` is null for the VU's default.
  int batch(lua_State* L, LuaVu& vu, const HttpClient* client);

  // --- For streams, which are operations with an owner of their own.
  http::CallContext& context() { return context_; }
  void on_exchange(HttpOperation& operation, const http::Response& response,
                   bool challenge) override;
  http::RequestTagsId redirected_tags(const HttpOperation& operation) override;
  bool may_pause(const HttpOperation& operation) override;
  // The tags of an answer's samples.
  TagSetId tags_of(const HttpOperation& operation, const http::Response& response);
  // The samples of an answer, and what the log is told of it.
  void record_end(const HttpOperation& operation, const http::Response& response);
  void record_cancelled(const HttpOperation& operation, const http::CutOff& cut_off);
  // Makes a response of the parts of its request on top of the main stack, which it replaces.
  void build(lua_State* L, const HttpOperation& operation, http::Response& response);
  // Pushes the response to a call whose URL is invalid; the parts of the request are on top of the
  // stack and are taken from there. Throws std::runtime_error if the script wants it thrown.
  void push_invalid_response(lua_State* L, const HttpCall& call);

 private:
  void on_done(HttpOperation& operation, http::Response& response) override;
  void on_cancelled(HttpOperation& operation, const http::CutOff& cut_off) override;
  HttpCall& read_entry(lua_State* L, const HttpClient* client, LuaVu& vu) override {
    return read_batch_entry(L, reader_, client, &vu);
  }
  void start(HttpBatch& batch, size_t index, HttpCall& call) override;
  void push_invalid(lua_State* L, const HttpCall& call) override;
  void finished(HttpBatch& batch) override { batches_.release(batch); }
  void finished(HttpPromise& promise) override { promises_.release(promise); }

  void start(HttpCall& call, LuaVu& vu, const HttpOperation::Target& target);
  void record(const HttpOperation& operation, const http::Response& response,
              http::Verdict verdict);
  void warn_stopped(const HttpOperation& operation);
  void warn(const std::string& failure);
  int push_parts(lua_State* L, const HttpOperation& operation, http::Response& response);
  void hand_over(HttpOperation& operation, http::Response& response);

  ScriptHost& host_;
  http::HttpMetrics metrics_;
  ExpectedStatuses statuses_;
  StreamedBodies bodies_;
  HttpCallReader reader_;
  HttpResponseBuilder builder_;
  HttpClients clients_;
  http::CallContext context_;
  size_t slot_;
  std::deque<HttpOperation> operations_;
  std::vector<HttpOperation*> free_;
  BatchPool batches_;
  PromisePool promises_;
};

}  // namespace perigee
