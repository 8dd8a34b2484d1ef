#include "modules/storage/module.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/export/prometheus/aws_signature.h"
#include "modules/storage/local_files.h"
#include "modules/storage/lua_sources.h"
#include "modules/storage/session_key.h"
#include "scripting/binding.h"
#include "scripting/call_guard.h"
#include "scripting/credential_command.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"
#include "scripting/vu_tables.h"

namespace perigee {
namespace {

constexpr size_t kLongestFile = 16U << 20U;

std::string text_at(lua_State* L, int index) {
  return std::string(view_at(L, index));
}

uint64_t size_at(lua_State* L, int index) {
  return static_cast<uint64_t>(lua_tonumber(L, index));
}

// A field of the table at `index`; "" where it is nil.
std::string text_field(lua_State* L, int index, const char* name) {
  lua_getfield(L, index, name);
  std::string text = lua_isnil(L, -1) ? "" : text_at(L, -1);
  lua_pop(L, 1);
  return text;
}

// What Lua cannot do for the two modules: files, the environment, connections of a VU's own.
class StorageInstance final : public Module::Instance {
 public:
  StorageInstance(ScriptHost& host, std::string_view entry,
                  const StorageModule::Environment& environment)
      : host_(host), entry_(entry), environment_(environment), tables_(host) {}

  void push(lua_State* L) override;

 private:
  static StorageInstance& self(lua_State* L) { return upvalue<StorageInstance>(L); }

  static int load(lua_State* L);
  static int fail(lua_State* L);
  static int variable(lua_State* L);
  static int warn(lua_State* L);
  static int own_table(lua_State* L);
  static int as_init(lua_State* L);
  static int aws_authorization(lua_State* L);

  void push_modules(lua_State* L);

  ScriptHost& host_;
  std::string_view entry_;
  const StorageModule::Environment& environment_;
  VuTables tables_;
};

// load(name, ...) -> what the module's source of this name returns
int StorageInstance::load(lua_State* L) {
  const std::string name = luaL_checkstring(L, 1);
  run_source(L, fmt::format("storage/{}", name), storage_source(name), lua_gettop(L) - 1);
  return 1;
}

// fail(message): raises it at the script's line
int StorageInstance::fail(lua_State* L) {
  throw std::runtime_error(text_at(L, 1));
}

// variable(name) -> its value in the environment, or nil
int StorageInstance::variable(lua_State* L) {
  const auto value = self(L).environment_(luaL_checkstring(L, 1));
  if (!value || value->empty()) return 0;
  push_view(L, *value);
  return 1;
}

// warn(text)
int StorageInstance::warn(lua_State* L) {
  const std::string text = text_at(L, 1);
  self(L).host_.worker().log.limited(LogLevel::kWarning, text, text);
  return 0;
}

// own_table() -> the table of the VU that runs
int StorageInstance::own_table(lua_State* L) {
  self(L).tables_.push(L);
  return 1;
}

// as_init(f, argument) -> what it returns; it may do what is for init code
int StorageInstance::as_init(lua_State* L) {
  lua_settop(L, 2);
  const LuaVu::InitScope scope(self(L).host_.vu());
  lua_call(L, 1, 1);
  return 1;
}

// aws_authorization(key, request, time) -> the header's value. The key has region, service,
// access_key and secret_key; the request method, target, headers, body and body_hash.
int StorageInstance::aws_authorization(lua_State* L) {
  const exports::AwsKey key{.region = text_field(L, 1, "region"),
                            .service = text_field(L, 1, "service"),
                            .access_key = text_field(L, 1, "access_key"),
                            .secret_key = text_field(L, 1, "secret_key")};
  const std::string method = text_field(L, 2, "method");
  const std::string target = text_field(L, 2, "target");
  const std::string body = text_field(L, 2, "body");
  const std::string hash = text_field(L, 2, "body_hash");
  exports::AwsRequest request{
      .method = method, .target = target, .headers = {}, .body = body, .body_hash = hash};
  lua_getfield(L, 2, "headers");
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
    request.headers.emplace_back(text_at(L, -2), text_at(L, -1));
  push_view(L, exports::aws_authorization(key, request, view_at(L, 3)));
  return 1;
}

// session_key() -> its private and its public part in PEM
int session_key(lua_State* L) {
  const SessionKey key = make_session_key();
  push_view(L, key.private_pem);
  push_view(L, key.public_pem);
  return 2;
}

// run_command(word, ...) -> what the program prints; the thread waits for it
int run_command(lua_State* L) {
  CredentialCommand command;
  for (int index = 1; index <= lua_gettop(L); ++index)
    command.words.push_back(text_at(L, index));
  push_view(L, run_credential_command(command));
  return 1;
}

// Files ------------------------------------------------------------------------------------------

// kind_of(path) -> "file", "folder", "other" or nil
int kind_of(lua_State* L) {
  switch (local_files::kind_of(text_at(L, 1))) {
    case local_files::Kind::kNothing:
      return 0;
    case local_files::Kind::kFile:
      lua_pushliteral(L, "file");
      return 1;
    case local_files::Kind::kFolder:
      lua_pushliteral(L, "folder");
      return 1;
    case local_files::Kind::kOther:
      lua_pushliteral(L, "other");
      return 1;
  }
  return 0;
}

// read_file(path) -> its text, or nil: for small files that may not be there
int read_file(lua_State* L) {
  try {
    push_view(L, local_files::read(text_at(L, 1), 0, kLongestFile));
    return 1;
  } catch (const std::runtime_error&) {
    return 0;
  }
}

int size_of(lua_State* L) {
  lua_pushnumber(L, static_cast<double>(local_files::size_of(text_at(L, 1))));
  return 1;
}

// modified_at(path) -> seconds since 1970
int modified_at(lua_State* L) {
  lua_pushnumber(L, local_files::modified_at(text_at(L, 1)));
  return 1;
}

// read_at(path, offset, size)
int read_at(lua_State* L) {
  push_view(L, local_files::read(text_at(L, 1), size_at(L, 2), size_at(L, 3)));
  return 1;
}

// list_files(folder) -> { { path, size }, ... }
int list_files(lua_State* L) {
  const auto entries = local_files::list(text_at(L, 1));
  lua_createtable(L, static_cast<int>(entries.size()), 0);
  int index = 0;
  for (const local_files::Entry& entry : entries) {
    lua_createtable(L, 2, 0);
    push_view(L, entry.path);
    lua_rawseti(L, -2, 1);
    lua_pushnumber(L, static_cast<double>(entry.size));
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, ++index);
  }
  return 1;
}

// file_digest(path, offset, size, algorithm) -> bytes
int file_digest(lua_State* L) {
  push_view(L, local_files::digest(text_at(L, 1), size_at(L, 2), size_at(L, 3), view_at(L, 4)));
  return 1;
}

int make_room(lua_State* L) {
  local_files::make_room(text_at(L, 1));
  return 0;
}

// append(path, bytes, begins)
int append(lua_State* L) {
  local_files::append(text_at(L, 1), view_at(L, 2), lua_toboolean(L, 3) != 0);
  return 0;
}

// save_private(path, bytes)
int save_private(lua_State* L) {
  local_files::save_private(text_at(L, 1), view_at(L, 2));
  return 0;
}

// finish(written, path)
int finish(lua_State* L) {
  local_files::finish(text_at(L, 1), text_at(L, 2));
  return 0;
}

int remove_file(lua_State* L) {
  lua_pushboolean(L, local_files::remove(text_at(L, 1)) ? 1 : 0);
  return 1;
}

void StorageInstance::push_modules(lua_State* L) {
  for (const char* name : {"crypto", "encoding", "http", "json", "time"}) {
    host_.push_module(L, std::string("perigee.") + name);
    lua_setfield(L, -2, name);
  }
  host_.push_module(L, "perigee");
  lua_setfield(L, -2, "core");
}

void StorageInstance::push(lua_State* L) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<load>, 1);
  push_view(L, entry_);
  lua_newtable(L);
  const Function functions[] = {{"load", bound<load>},
                                {"fail", bound<fail>},
                                {"variable", bound<variable>},
                                {"warn", bound<warn>},
                                {"own_table", bound<own_table>},
                                {"as_init", bound<as_init>},
                                {"aws_authorization", bound<aws_authorization>},
                                {"session_key", bound<session_key>},
                                {"run_command", bound<run_command>},
                                {"kind_of", bound<kind_of>},
                                {"read_file", bound<read_file>},
                                {"size_of", bound<size_of>},
                                {"modified_at", bound<modified_at>},
                                {"read_at", bound<read_at>},
                                {"list_files", bound<list_files>},
                                {"file_digest", bound<file_digest>},
                                {"make_room", bound<make_room>},
                                {"append", bound<append>},
                                {"finish", bound<finish>},
                                {"save_private", bound<save_private>},
                                {"remove_file", bound<remove_file>}};
  set_functions(L, this, functions);
  push_modules(L);
  push_call_guard(L);
  if (lua_pcall(L, 3, 1, 0) != 0) throw std::runtime_error(take_error(L));
}

}  // namespace

std::unique_ptr<Module::Instance> StorageModule::open(ScriptHost& host) {
  const std::string_view entry = kind_ == Kind::kCredentials ? "credentials" : "storage";
  return std::make_unique<StorageInstance>(host, entry, environment_);
}

}  // namespace perigee
