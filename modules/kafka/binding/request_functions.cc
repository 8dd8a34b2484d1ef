#include "modules/kafka/binding/request_functions.h"

#include <chrono>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "modules/kafka/binding/settings_reader.h"
#include "scripting/binding.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/lua_state.h"

namespace perigee {

// new_requester(settings) -> the requester, the topic of error replies or nil
int KafkaRequestFunctions::new_requester(lua_State* L) {
  auto& self = upvalue<KafkaRequestFunctions>(L);
  if (!self.host_.loading()) {
    throw std::runtime_error(
        "kafka.requester: clients are made in the script's main part, outside of functions");
  }
  try {
    const kafka::RequesterSettings settings = read_requester_settings(L, 1);
    void* const requester = self.host_.declaring() ? nullptr : &self.requester(settings);
    lua_pushlightuserdata(L, requester);
    if (settings.error_topic.empty()) return 1;
    push_view(L, settings.error_topic);
    return 2;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("kafka.requester: {}", error.what()));
  }
}

kafka::Requester& KafkaRequestFunctions::requester(const kafka::RequesterSettings& settings) {
  const std::string key = identity(settings);
  auto& requester = requesters_[key];
  if (!requester) {
    hide_secrets(settings.properties, host_.worker().log);
    requester = std::make_unique<kafka::Requester>(
        kafka::ClientContext{host_.worker().loop, host_.worker().log, metrics_}, settings,
        hubs_.hub(key), host_.worker().index);
  }
  return *requester;
}

// request(requester, message, timeout) -> see `KafkaRequestCall::await`
int KafkaRequestFunctions::request(lua_State* L) {
  auto& self = upvalue<KafkaRequestFunctions>(L);
  LuaVu& vu = self.host_.vu_for("requester:request");
  vu.refuse_aside();
  constexpr Duration kPatience = std::chrono::seconds(60);
  const Duration timeout =
      lua_isnoneornil(L, 3) ? kPatience : read_time(L, 3, "requester:request: timeout");
  auto& requester = *static_cast<kafka::Requester*>(lua_touserdata(L, 1));
  try {
    const kafka::Record& record = self.records_.read(L, 2);
    if (record.key && requester.settings().correlation_header.empty()) {
      throw std::runtime_error(
          "the key of a request is its id; with correlation_header = \"x-request-id\" the id goes "
          "in a header instead");
    }
    return self.calls_.take(self.host_, self.metrics_).await(L, vu, requester, record, timeout);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("requester:request: {}", error.what()));
  }
}

void KafkaRequestFunctions::add_to(lua_State* L) {
  const Function functions[] = {{"new_requester", bound<new_requester>},
                                {"request", bound<request>}};
  set_functions(L, this, functions);
}

std::vector<kafka::Producer*> KafkaRequestFunctions::producers() const {
  std::vector<kafka::Producer*> producers;
  for (const auto& [key, requester] : requesters_)
    producers.push_back(&requester->producer());
  return producers;
}

}  // namespace perigee
