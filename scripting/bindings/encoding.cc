#include "scripting/bindings/encoding.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/base64.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"

namespace perigee {
namespace {

// In the order of `Base64`.
constexpr std::array<std::string_view, 4> kSpellings{"std", "rawstd", "url", "rawurl"};

std::string_view spelling_name(lua_State* L) {
  return optional_text(L, 2, kSpellings.front());
}

Base64 read_spelling(lua_State* L) {
  return static_cast<Base64>(find_word(spelling_name(L), kSpellings, "Base64 encoding"));
}

int b64encode(lua_State* L) {
  push_view(L, encode_base64(check_text(L, 1), read_spelling(L)));
  return 1;
}

int b64decode(lua_State* L) {
  const auto bytes = decode_base64(check_text(L, 1), read_spelling(L));
  if (!bytes) {
    throw std::runtime_error(fmt::format(
        "encoding.b64decode: the text is not Base64 in the encoding \"{}\"", spelling_name(L)));
  }
  push_view(L, *bytes);
  return 1;
}

int hex_encode(lua_State* L) {
  push_view(L, encode_hex(check_text(L, 1)));
  return 1;
}

int hex_decode(lua_State* L) {
  const auto bytes = decode_hex(check_text(L, 1));
  if (!bytes) throw std::runtime_error("encoding.hex_decode: the text is not hexadecimal");
  push_view(L, *bytes);
  return 1;
}

class EncodingInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"b64encode", bound<b64encode>},
                                  {"b64decode", bound<b64decode>},
                                  {"hex_encode", bound<hex_encode>},
                                  {"hex_decode", bound<hex_decode>}};
    set_functions(L, this, functions);
  }
};

}  // namespace

std::unique_ptr<Module::Instance> EncodingModule::open(ScriptHost&) {
  return std::make_unique<EncodingInstance>();
}

}  // namespace perigee
