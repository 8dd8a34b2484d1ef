#include "modules/kafka/binding/admin_functions.h"

#include <cmath>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "modules/kafka/binding/settings_reader.h"
#include "scripting/binding.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

kafka::Admin& admin_at(lua_State* L) {
  return *static_cast<kafka::Admin*>(lua_touserdata(L, 1));
}

// The time limit of a call, which may be missing.
kafka::Admin::Timeout timeout_at(lua_State* L, int index) {
  constexpr kafka::Admin::Timeout kPatience{10'000};
  if (lua_isnoneornil(L, index)) return kPatience;
  return std::chrono::duration_cast<kafka::Admin::Timeout>(read_time(L, index, "timeout"));
}

std::string text_at(lua_State* L, int index, const char* what) {
  if (lua_type(L, index) != LUA_TSTRING || lua_objlen(L, index) == 0) {
    throw std::runtime_error(fmt::format("{} must be a string", what));
  }
  return std::string(view_at(L, index));
}

int count_at(lua_State* L, int index, const char* what) {
  if (lua_isnoneornil(L, index)) return -1;
  const double count = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(count >= 1 && count <= 100'000) || count != std::floor(count)) {
    throw std::runtime_error(fmt::format("{} must be a whole number from 1 on", what));
  }
  return static_cast<int>(count);
}

}  // namespace

// new_admin(settings) -> the admin client
int KafkaAdminFunctions::new_admin(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  if (!self.host_.loading()) {
    throw std::runtime_error(
        "kafka.admin: clients are made in the script's main part, outside of functions");
  }
  try {
    const kafka::Properties properties = read_properties(L, 1);
    kafka::make_conf(properties);
    void* const admin = self.host_.declaring() ? nullptr : &self.admin(properties);
    lua_pushlightuserdata(L, admin);
    return 1;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("kafka.admin: {}", error.what()));
  }
}

kafka::Admin& KafkaAdminFunctions::admin(const kafka::Properties& properties) {
  auto& admin = admins_[properties];
  if (!admin) {
    hide_secrets(properties, host_.worker().log);
    admin = std::make_unique<kafka::Admin>(properties);
  }
  return *admin;
}

// create_topic(admin, topic, partitions, replication factor, config, timeout) -> true
int KafkaAdminFunctions::create_topic(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  LuaVu& vu = self.host_.vu_for("admin:create_topic");
  kafka::TopicSpec topic{.name = text_at(L, 2, "topic"),
                         .partitions = count_at(L, 3, "partitions"),
                         .replication_factor = count_at(L, 4, "replication_factor")};
  if (!lua_isnoneornil(L, 5)) topic.config = read_properties(L, 5);
  return self.calls_.await(
      L, vu, [&admin = admin_at(L), topic, timeout = timeout_at(L, 6)]() -> nlohmann::json {
        admin.create_topic(topic, timeout);
        return true;
      });
}

// delete_topic(admin, topic, timeout) -> true
int KafkaAdminFunctions::delete_topic(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  LuaVu& vu = self.host_.vu_for("admin:delete_topic");
  return self.calls_.await(L, vu,
                           [&admin = admin_at(L), topic = text_at(L, 2, "topic"),
                            timeout = timeout_at(L, 3)]() -> nlohmann::json {
                             admin.delete_topic(topic, timeout);
                             return true;
                           });
}

// metadata(admin, topic or nil, timeout) -> brokers and topics
int KafkaAdminFunctions::metadata(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  LuaVu& vu = self.host_.vu_for("admin:metadata");
  const std::string topic = lua_isnoneornil(L, 2) ? "" : text_at(L, 2, "topic");
  return self.calls_.await(L, vu, [&admin = admin_at(L), topic, timeout = timeout_at(L, 3)] {
    return admin.metadata(topic, timeout);
  });
}

// offsets(admin, topic, timeout) -> list
int KafkaAdminFunctions::offsets(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  LuaVu& vu = self.host_.vu_for("admin:offsets");
  return self.calls_.await(
      L, vu, [&admin = admin_at(L), topic = text_at(L, 2, "topic"), timeout = timeout_at(L, 3)] {
        return admin.offsets(topic, timeout);
      });
}

// group_lag(admin, group, topic, timeout) -> list
int KafkaAdminFunctions::group_lag(lua_State* L) {
  auto& self = upvalue<KafkaAdminFunctions>(L);
  LuaVu& vu = self.host_.vu_for("admin:group_lag");
  return self.calls_.await(
      L, vu,
      [&admin = admin_at(L), group = text_at(L, 2, "group"), topic = text_at(L, 3, "topic"),
       timeout = timeout_at(L, 4)] { return admin.group_lag(group, topic, timeout); });
}

void KafkaAdminFunctions::add_to(lua_State* L) {
  const Function functions[] = {
      {"new_admin", bound<new_admin>},       {"create_topic", bound<create_topic>},
      {"delete_topic", bound<delete_topic>}, {"metadata", bound<metadata>},
      {"offsets", bound<offsets>},           {"group_lag", bound<group_lag>}};
  set_functions(L, this, functions);
}

}  // namespace perigee
