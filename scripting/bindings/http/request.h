// http.get and the rest: requests whose whole response a VU waits for, a batch or a promise.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "scripting/bindings/http/request_in_flight.h"
#include "scripting/bindings/http/request_receiver.h"
#include "scripting/bindings/http/worker.h"
#include "scripting/lua_vu.h"

namespace perigee {

class HttpRequests;

class HttpRequest final : public Operation, private http::CallEvents {
 public:
  explicit HttpRequest(HttpRequests& requests);

  // What is sent, read before the request starts.
  RequestSpec& spec() { return request_.spec; }

  // Sends it, for a VU that waits or for a receiver.
  void start(Wake wake);
  void start(RequestReceiver& receiver, size_t index);

  void cancel() override;

 private:
  void on_exchange(const http::Response& response, bool challenge) override;
  void on_redirected(const http::Url& from) override;
  void on_call_end(http::Response& response) override;
  bool may_pause(Duration pause) override;

  void start();
  // Resumes the VU with the parts of the response, or nil and the message to be thrown.
  void resume();
  void hand_over();
  // It has ended, and may be used again as soon as the VU goes on.
  void leave();
  bool failed_for_script();

  HttpRequests& requests_;
  HttpWorker& worker_;
  RequestInFlight request_;
  Wake wake_;
  RequestReceiver* receiver_ = nullptr;  // null if the VU waits
  size_t index_ = 0;
};

// Those of one worker.
class HttpRequests {
 public:
  // The worker must outlive it.
  explicit HttpRequests(HttpWorker& worker) : worker_(worker) {}

  // Adds the functions that send requests to the table on top of the stack.
  void add_functions(lua_State* L);

  HttpWorker& worker() { return worker_; }

  // One that has not been started yet is free again when it goes out of scope.
  struct Recycle {
    HttpRequests* requests;
    void operator()(HttpRequest* request) const { requests->recycle(*request); }
  };
  using Unsent = std::unique_ptr<HttpRequest, Recycle>;
  Unsent take();
  void recycle(HttpRequest& request) { free_.push_back(&request); }

  // Sends a request whose VU waits for it: `return requests.send(...)` from a binding. Its results
  // are the parts of a response, or nil and a message to be thrown.
  int send(lua_State* L, LuaVu& vu, RequestArguments arguments);

 private:
  HttpWorker& worker_;
  std::deque<HttpRequest> requests_;
  std::vector<HttpRequest*> free_;
};

// The method at `index`, in capitals. Throws std::runtime_error if it is none.
std::string read_method(lua_State* L, int index);

}  // namespace perigee
