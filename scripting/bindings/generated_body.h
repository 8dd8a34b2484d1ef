// A request body that a function of the script makes piece by piece.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/http/body_source.h"
#include "scripting/lua.h"

namespace perigee {

class LuaVu;

// The function is called while its VU waits for the answer, and can't wait itself.
class GeneratedBody final : public http::BodySource {
 public:
  // `function` is a registry reference, which is the body's from now on. The VU must outlive it.
  GeneratedBody(lua_State* L, LuaVu* vu, int function, std::optional<uint64_t> size);
  ~GeneratedBody() override;
  GeneratedBody(const GeneratedBody&) = delete;
  GeneratedBody& operator=(const GeneratedBody&) = delete;

  std::optional<uint64_t> size() const override { return size_; }
  Piece next() override;
  // What the function made is gone.
  bool rewind() override { return !begun_; }

 private:
  Piece fail(const std::string& text);
  // Where the function is written: "script.lua:12".
  std::string place() const;

  lua_State* L_;
  LuaVu* vu_;
  const int function_;
  const std::optional<uint64_t> size_;
  int piece_;  // what keeps the last piece alive
  bool begun_ = false;
  bool over_ = false;
};

}  // namespace perigee
