#include "scripting/vu_tables.h"

#include <memory>

#include "scripting/script_host.h"

namespace perigee {
namespace {

class VuTable final : public VuExtension {
 public:
  explicit VuTable(lua_State* L) {
    lua_newtable(L);
    reference_ = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  void push(lua_State* L) const { lua_rawgeti(L, LUA_REGISTRYINDEX, reference_); }
  void on_iteration_end(LuaVu& /*vu*/) override {}

 private:
  int reference_ = LUA_NOREF;
};

}  // namespace

VuTables::VuTables(ScriptHost& host) : host_(host), slot_(host.new_extension_slot()) {}

void VuTables::push(lua_State* L) const {
  LuaVu& vu = host_.vu();
  if (vu.extension(slot_) == nullptr) vu.set_extension(slot_, std::make_unique<VuTable>(L));
  static_cast<VuTable*>(vu.extension(slot_))->push(L);
}

}  // namespace perigee
