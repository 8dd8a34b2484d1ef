#include "scripting/bindings/http.h"

#include <deque>
#include <stdexcept>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/http_batch.h"
#include "scripting/bindings/http_operation.h"
#include "scripting/bindings/http_response.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// A VU's own connections, kept alive between its iterations.
class VuConnections final : public VuExtension {
 public:
  http::ConnectionPool& pool() { return pool_; }

  void on_iteration_end(LuaVu& vu) override {
    vu.add_traffic(traffic_.sent - told_.sent, traffic_.received - told_.received);
    told_ = traffic_;
  }

 private:
  http::Traffic traffic_;
  http::Traffic told_;
  http::ConnectionPool pool_{traffic_};
};

bool is_expected(int status) {
  return status >= 200 && status < 400;
}

class HttpInstance final : public Module::Instance, public HttpOperationOwner, public BatchRunner {
 public:
  HttpInstance(ScriptHost& host, const http::HttpMetricIds& ids)
      : host_(host),
        metrics_(ids, host.worker().shard),
        reader_(metrics_),
        client_(host.worker().loop, host.resolver(), host.deadlines(), settings(host)),
        slot_(host.new_extension_slot()) {}

  void push(lua_State* L) override {
    reader_.open(L);
    lua_newtable(L);
    const Function functions[] = {{"get", bound<get>},
                                  {"post", bound<post>},
                                  {"request", bound<request>},
                                  {"batch", bound<batch>}};
    set_functions(L, this, functions);
    builder_.open(L);
    run_prelude(L, "http", 2);
  }

  void on_done(HttpOperation& operation, http::Response& response) override;
  void on_cancelled(HttpOperation& operation, bool sent) override;
  void start(HttpBatch& batch, size_t index, const HttpCall& call) override;
  const HttpCall& read_entry(lua_State* L) override;
  void push_invalid(lua_State* L, const HttpCall& call) override {
    builder_.build(L, builder_.push_invalid_parts(L, call));
  }
  void finished(HttpBatch& batch) override { batches_.release(batch); }

 private:
  static http::ClientSettings settings(ScriptHost& host) {
    http::ClientSettings settings;
    const std::string& agent = host.worker().options.http.user_agent;
    if (!agent.empty()) settings.user_agent = agent;
    return settings;
  }

  static int get(lua_State* L);
  static int post(lua_State* L);
  static int request(lua_State* L);
  static int batch(lua_State* L);

  int send(lua_State* L, LuaVu& vu, const HttpArguments& arguments);
  HttpOperation& take_operation();
  http::ConnectionPool& pool_of(LuaVu& vu);
  void record(HttpOperation& operation, const http::Response& response);

  ScriptHost& host_;
  http::HttpMetrics metrics_;
  HttpCallReader reader_;
  HttpResponseBuilder builder_;
  http::Client client_;
  size_t slot_;
  std::deque<HttpOperation> operations_;
  std::vector<HttpOperation*> free_;
  BatchPool batches_;
};

int HttpInstance::get(lua_State* L) {
  auto& self = upvalue<HttpInstance>(L);
  lua_settop(L, 2);
  return self.send(L, self.host_.vu_for("http.get"), {.method = "GET", .url = 1, .params = 2});
}

int HttpInstance::post(lua_State* L) {
  auto& self = upvalue<HttpInstance>(L);
  lua_settop(L, 3);
  return self.send(L, self.host_.vu_for("http.post"),
                   {.method = "POST", .url = 1, .body = 2, .params = 3});
}

int HttpInstance::request(lua_State* L) {
  auto& self = upvalue<HttpInstance>(L);
  lua_settop(L, 4);
  LuaVu& vu = self.host_.vu_for("http.request");
  const std::string method = read_method(L, 1);
  return self.send(L, vu, {.method = method, .url = 2, .body = 3, .params = 4});
}

int HttpInstance::send(lua_State* L, LuaVu& vu, const HttpArguments& arguments) {
  const HttpCall& call = reader_.read(L, arguments);
  if (!call.request.url) {
    host_.worker().log.limited(
        LogLevel::kWarning, "request failed",
        fmt::format("Request Failed: {} {}: {}", call.method, call.url_text, call.url_error));
    return builder_.push_invalid_parts(L, call);
  }
  take_operation().start(client_, pool_of(vu), vu, call, vu.prepare_wait());
  // The body is sent from where it lies: it stays alive with the values that are yielded.
  if (arguments.body == 0) return vu.wait(L, 0);
  lua_pushvalue(L, arguments.body);
  return vu.wait(L, 1);
}

HttpOperation& HttpInstance::take_operation() {
  if (free_.empty()) free_.push_back(&operations_.emplace_back(*this));
  HttpOperation* const operation = free_.back();
  free_.pop_back();
  operation->batch = nullptr;
  return *operation;
}

http::ConnectionPool& HttpInstance::pool_of(LuaVu& vu) {
  VuExtension* extension = vu.extension(slot_);
  if (extension == nullptr) {
    vu.set_extension(slot_, std::make_unique<VuConnections>());
    extension = vu.extension(slot_);
  }
  return static_cast<VuConnections*>(extension)->pool();
}

void HttpInstance::record(HttpOperation& operation, const http::Response& response) {
  metrics_.record(operation.context(), operation.tags(), response.status, response.minor_version,
                  is_expected(response.status) && !response.outcome.error, response.outcome);
  if (!response.outcome.error) return;
  host_.worker().log.limited(LogLevel::kWarning, "request failed",
                             fmt::format("Request Failed: {} {}: {}", operation.method(),
                                         operation.url().text, response.outcome.error.text));
}

void HttpInstance::on_done(HttpOperation& operation, http::Response& response) {
  record(operation, response);
  // The operation may be used again as soon as the VU goes on: what is still needed is taken now.
  Wake wake = operation.wake();
  LuaVu& vu = operation.vu();
  HttpBatch* const batch = operation.batch;
  const size_t index = operation.batch_index;
  lua_State* const L = batch == nullptr ? wake.stack() : host_.main_state();
  const int parts = builder_.push_parts(L, operation.url().text, response, operation.keep_body());
  free_.push_back(&operation);
  vu.remove(operation);
  if (batch == nullptr) return wake.resume(parts);
  builder_.build(L, parts);
  batch->store(L, index);
  batch->go_on();
}

void HttpInstance::on_cancelled(HttpOperation& operation, bool sent) {
  if (sent) {
    metrics_.record_interrupted(operation.context(), operation.tags(), host_.worker().loop.now());
  }
  if (operation.batch != nullptr) operation.batch->cancelled();
  free_.push_back(&operation);
}

const HttpCall& HttpInstance::read_entry(lua_State* L) {
  return read_batch_entry(L, reader_);
}

void HttpInstance::start(HttpBatch& batch, size_t index, const HttpCall& call) {
  HttpOperation& operation = take_operation();
  operation.batch = &batch;
  operation.batch_index = index;
  operation.start(client_, pool_of(batch.vu()), batch.vu(), call, Wake());
}

// batch(list) -> the list of responses
int HttpInstance::batch(lua_State* L) {
  auto& self = upvalue<HttpInstance>(L);
  LuaVu& vu = self.host_.vu_for("http.batch");
  lua_settop(L, 1);
  const size_t count = check_batch(L, self.reader_);
  if (count == 0) {
    lua_newtable(L);
    return 1;
  }
  HttpBatch& batch = self.batches_.take(self, self.host_.main_state());
  if (batch.begin(L, vu, count)) {
    batch.push_results(L);
    self.batches_.release(batch);
    return 1;
  }
  return vu.wait(L, 0);
}

}  // namespace

void HttpModule::declare(MetricRegistry& registry) {
  ids_ = http::HttpMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> HttpModule::open(ScriptHost& host) {
  return std::make_unique<HttpInstance>(host, ids_);
}

}  // namespace perigee
