#include "scripting/bindings/grpc/connect_operation.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {

GrpcConnectOperation::GrpcConnectOperation(ScriptHost& host, GrpcChannels& channels, LuaVu& vu,
                                           GrpcClient& client)
    : host_(host),
      channels_(channels),
      vu_(vu),
      client_(client),
      timer_(host.worker().loop.timers(), [this] { on_time(); }) {}

int GrpcConnectOperation::run(lua_State* L) {
  if (client_.channel()->connect(*this) && reflect()) {
    done_ = true;
    return 0;
  }
  vu_.add(*this);
  timer_.start(host_.worker().loop.now() + client_.params().timeout);
  wake_ = vu_.prepare_wait();
  return vu_.wait(L, 0);
}

bool GrpcConnectOperation::reflect() {
  if (!client_.params().reflect) return true;
  auto schema = channels_.reflected(*client_.channel(), client_.params(), *this);
  if (!schema) return false;
  client_.add_schema(std::move(schema));
  return true;
}

void GrpcConnectOperation::on_connected(const grpc::Status& status) {
  if (!status.ok()) return end(status.message);
  if (reflect()) end({});
}

void GrpcConnectOperation::on_schema(const std::shared_ptr<const protobuf::Schema>& schema,
                                     const std::string& error) {
  if (schema) client_.add_schema(schema);
  end(error);
}

void GrpcConnectOperation::on_time() {
  forget();
  end(fmt::format("connection to {}: not made within {} (timeout)", client_.server(),
                  format_duration(client_.params().timeout)));
}

void GrpcConnectOperation::forget() {
  timer_.stop();
  if (client_.channel() != nullptr) client_.channel()->forget(*this);
  channels_.forget(*this);
}

void GrpcConnectOperation::end(const std::string& error) {
  timer_.stop();
  done_ = true;
  if (!error.empty()) channels_.retire(client_.disconnect());
  Wake wake = wake_;
  lua_State* const L = wake.stack();
  int results = 0;
  if (!error.empty()) {
    push_view(L, error);
    results = 1;
  }
  vu_.remove(*this);
  wake.resume(results);
}

void GrpcConnectOperation::cancel() {
  forget();
  done_ = true;
}

}  // namespace perigee
