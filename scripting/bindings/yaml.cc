#include "scripting/bindings/yaml.h"

#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/json_decoding.h"
#include "scripting/bindings/reported_json.h"
#include "scripting/json_codec.h"
#include "scripting/yaml_document.h"

namespace perigee {
namespace {

std::vector<nlohmann::ordered_json> documents(lua_State* L) {
  try {
    return parse_yaml(std::string(check_text(L, 1)));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("not YAML: {}", error.what()));
  }
}

int decode(lua_State* L) {
  const auto found = documents(L);
  if (found.size() > 1) {
    throw std::runtime_error(
        fmt::format("yaml.decode: the text holds {} documents; use decode_all", found.size()));
  }
  push_json(L, found.empty() ? nlohmann::ordered_json() : found.front(), check_decoding(L, 2));
  return 1;
}

int decode_all(lua_State* L) {
  push_json(L, nlohmann::ordered_json(documents(L)), check_decoding(L, 2));
  return 1;
}

class YamlInstance final : public Module::Instance {
 public:
  explicit YamlInstance(ScriptHost& host) : host_(host) {}

  void push(lua_State* L) override;
  ScriptHost& host() { return host_; }

 private:
  ScriptHost& host_;
};

int encode(lua_State* L) {
  luaL_checkany(L, 1);
  std::string text;
  encode_reported(L, 1, text, upvalue<YamlInstance>(L).host(), "yaml.encode");
  push_view(L, write_yaml(nlohmann::ordered_json::parse(text)));
  return 1;
}

void YamlInstance::push(lua_State* L) {
  lua_newtable(L);
  const Function functions[] = {
      {"decode", bound<decode>}, {"decode_all", bound<decode_all>}, {"encode", bound<encode>}};
  set_functions(L, this, functions);
}

}  // namespace

std::unique_ptr<Module::Instance> YamlModule::open(ScriptHost& host) {
  return std::make_unique<YamlInstance>(host);
}

}  // namespace perigee
