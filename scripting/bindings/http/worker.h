// What the requests of one worker's scripts share, whoever waits for them: clients, the reader of
// arguments, the record of samples, and the builder of responses.
#pragma once

#include <string>

#include "engine/http/http_metrics.h"
#include "scripting/bindings/expected_statuses.h"
#include "scripting/bindings/http/request_in_flight.h"
#include "scripting/bindings/http/request_reader.h"
#include "scripting/bindings/http_clients.h"
#include "scripting/bindings/http_response.h"
#include "scripting/bindings/http_vu.h"
#include "scripting/bindings/streamed_bodies.h"
#include "scripting/script_host.h"

namespace perigee {

class HttpWorker {
 public:
  HttpWorker(ScriptHost& host, const http::HttpMetricIds& ids, const http::ProxySettings& proxies);

  // Called once, before anything else, with a function on top of the stack that describes a request
  // (see `HttpResponseBuilder::open`), which is replaced by the function that builds a response of
  // its parts.
  void open(lua_State* L);

  ScriptHost& host() { return host_; }
  ExpectedStatuses& statuses() { return statuses_; }
  StreamedBodies& bodies() { return bodies_; }
  http::CallContext& calls() { return calls_; }
  RequestReader& reader() { return reader_; }
  HttpVu& http_of(LuaVu& vu) { return vus_.of(vu); }
  // A client for the VU whose init code runs. Throws std::runtime_error.
  const HttpClient& make_client(const HttpClientOptions& options);

  // The samples of an exchange that another one follows; see `http::CallEvents`.
  void record_exchange(const RequestSpec& spec, const http::Response& response, bool challenge);
  // Has the request's samples be those of where its call goes now.
  void on_redirected(RequestInFlight& request);
  // The samples of the response, and what the log is told of it.
  void record_end(RequestInFlight& request);
  void record_cancelled(const RequestSpec& spec, const http::CutOff& cut_off);
  // The tags of a response's samples.
  TagSetId tags_of(const RequestSpec& spec, const http::Response& response);
  bool may_pause(const RequestSpec& spec);

  // Pushes the parts of the response; returns how many.
  int push_parts(lua_State* L, RequestInFlight& request);
  // Makes a response of the parts of its request on top of the main stack, which it replaces.
  void build(lua_State* L, RequestInFlight& request);

  // The request can't be sent, because its URL is invalid: logs it, or throws if the script wants
  // that. Pushes the parts of its response; returns how many.
  int push_invalid_parts(lua_State* L, const RequestSpec& spec);
  // The same, and makes a response of them and of the parts of the request below.
  void push_invalid(lua_State* L, const RequestSpec& spec);
  // The same for those who take the message to be thrown as a result.
  void push_invalid_result(lua_State* L, const RequestSpec& spec);

 private:
  void record(const RequestSpec& spec, const http::Response& response, http::Verdict verdict);
  http::Verdict judge(const RequestSpec& spec, const http::Response& response);
  void warn_stopped(const RequestInFlight& request);
  void warn(const std::string& failure);

  ScriptHost& host_;
  http::HttpMetrics metrics_;
  ExpectedStatuses statuses_;
  StreamedBodies bodies_;
  HttpClients clients_;
  HttpVus vus_;
  RequestReader reader_;
  HttpResponseBuilder builder_;
  http::CallContext calls_;
};

}  // namespace perigee
