#include "scripting/bindings/crypto.h"

#include <array>
#include <new>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/rand.h>

#include "engine/base/base64.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/call_guard.h"
#include "scripting/message_digest.h"
#include "scripting/signature_key.h"

namespace perigee {
namespace {

constexpr const char* kHasherType = "perigee.crypto.hasher";
constexpr double kMostRandomBytes = 16.0 * 1024 * 1024;

std::string written_as(const std::string& digest, std::string_view output) {
  constexpr std::array<std::string_view, 5> kOutputs{"hex", "base64", "base64url", "base64rawurl",
                                                     "binary"};
  switch (find_word(output, kOutputs, "output encoding")) {
    case 0:
      return encode_hex(digest);
    case 1:
      return encode_base64(digest);
    case 2:
      return encode_base64(digest, Base64::kUrl);
    case 3:
      return encode_base64(digest, Base64::kRawUrl);
    default:
      return digest;
  }
}

int push_digest(lua_State* L, const MessageDigest& message, int output) {
  push_view(L, written_as(message.digest(), optional_text(L, output, "hex")));
  return 1;
}

// md5(data, output) and its like; the algorithm is the second upvalue.
int hash(lua_State* L) {
  MessageDigest message(view_at(L, lua_upvalueindex(2)), std::nullopt);
  message.update(check_text(L, 1));
  return push_digest(L, message, 2);
}

int hmac(lua_State* L) {
  MessageDigest message(check_text(L, 1), check_text(L, 2));
  message.update(check_text(L, 3));
  return push_digest(L, message, 4);
}

int push_hasher(lua_State* L, std::string_view algorithm, std::optional<std::string_view> key) {
  void* const memory = lua_newuserdata(L, sizeof(MessageDigest));
  new (memory) MessageDigest(algorithm, key);
  luaL_getmetatable(L, kHasherType);
  lua_setmetatable(L, -2);
  return 1;
}

int create_hash(lua_State* L) {
  return push_hasher(L, check_text(L, 1), std::nullopt);
}

int create_hmac(lua_State* L) {
  return push_hasher(L, check_text(L, 1), check_text(L, 2));
}

MessageDigest& check_hasher(lua_State* L) {
  return *static_cast<MessageDigest*>(luaL_checkudata(L, 1, kHasherType));
}

int update(lua_State* L) {
  check_hasher(L).update(check_text(L, 2));
  lua_settop(L, 1);
  return 1;
}

int digest(lua_State* L) {
  return push_digest(L, check_hasher(L), 2);
}

int collect(lua_State* L) {
  check_hasher(L).~MessageDigest();
  return 0;
}

// sign(algorithm, private_key, data, output, passphrase)
int sign(lua_State* L) {
  const SignatureKey key = SignatureKey::private_key(check_text(L, 2), optional_text(L, 5, ""));
  const std::string signature = key.sign(check_text(L, 1), check_text(L, 3));
  push_view(L, written_as(signature, optional_text(L, 4, "hex")));
  return 1;
}

// verify(algorithm, public_key, data, signature): the signature's bytes
int verify(lua_State* L) {
  const SignatureKey key = SignatureKey::public_key(check_text(L, 2));
  lua_pushboolean(L, key.verify(check_text(L, 1), check_text(L, 3), check_text(L, 4)) ? 1 : 0);
  return 1;
}

int random_bytes(lua_State* L) {
  const double wanted = luaL_checknumber(L, 1);
  if (!(wanted >= 0 && wanted <= kMostRandomBytes)) {
    throw std::runtime_error(
        fmt::format("crypto.random_bytes: the number of bytes must be from 0 to {}, got {}",
                    kMostRandomBytes, wanted));
  }
  std::string bytes(static_cast<size_t>(wanted), '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) !=
      1) {
    throw std::runtime_error("crypto.random_bytes: the system has no random numbers to give");
  }
  push_view(L, bytes);
  return 1;
}

int hex_encode(lua_State* L) {
  push_view(L, encode_hex(check_text(L, 1)));
  return 1;
}

class CryptoInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    make_hasher_type(L);
    lua_newtable(L);
    const Function functions[] = {{"hmac", bound<hmac>},
                                  {"sign", bound<sign>},
                                  {"verify", bound<verify>},
                                  {"create_hash", bound<create_hash>},
                                  {"create_hmac", bound<create_hmac>},
                                  {"random_bytes", bound<random_bytes>},
                                  {"hex_encode", bound<hex_encode>}};
    set_functions(L, this, functions);
    for (const std::string_view algorithm : MessageDigest::algorithms()) {
      push_view(L, algorithm);
      lua_pushlightuserdata(L, this);
      push_view(L, algorithm);
      lua_pushcclosure(L, bound<hash>, 2);
      lua_rawset(L, -3);
    }
  }

 private:
  void make_hasher_type(lua_State* L) {
    luaL_newmetatable(L, kHasherType);
    lua_newtable(L);
    const Function methods[] = {{"update", bound<update>}, {"digest", bound<digest>}};
    set_functions(L, this, methods);
    guard_calls(L, "hasher:", lua_gettop(L) - 1);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
  }
};

}  // namespace

std::unique_ptr<Module::Instance> CryptoModule::open(ScriptHost&) {
  return std::make_unique<CryptoInstance>();
}

}  // namespace perigee
