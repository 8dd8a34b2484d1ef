// Reads the fields of a JSON object strictly: every key must be known, every value of its type.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/clock.h"

namespace perigee {

// How messages call the values under some keys: "--vus", "K6_VUS", "script.lua: options.vus".
using ValueNames = std::map<std::string, std::string, std::less<>>;

// All functions throw ConfigError as `WHERE.KEY: what is wrong`, or with the key's name instead of
// WHERE.KEY if it has one. The object must outlive the reader.
class JsonReader {
 public:
  JsonReader(const nlohmann::json& object, std::string where, ValueNames names = {});

  // Refuses keys that are not in `known`, with the closest that is.
  void allow_only(std::span<const std::string_view> known) const;

  const nlohmann::json& object() const { return object_; }
  bool has(const char* key) const;
  const nlohmann::json& at(const char* key) const;
  const std::string& where() const { return where_; }
  // How messages call the value under `key`.
  std::string path(const std::string& key) const;

  // A value under `key` if it is there; a missing or null one leaves `value` alone.
  void read(const char* key, int64_t& value, int64_t least) const;
  void read(const char* key, double& value) const;
  void read(const char* key, bool& value) const;
  void read(const char* key, std::string& value) const;
  void read(const char* key, Duration& value, Duration least) const;
  // How long a load or a part of it takes: a bare number below 1000 counts milliseconds, as
  // everywhere, but was hardly meant to, and is refused.
  void read_length(const char* key, Duration& value, Duration least) const;
  // An object of strings; numbers and booleans are taken as their text.
  void read(const char* key, std::map<std::string, std::string>& value) const;

  // A list of strings; an empty table will do for an empty list.
  void read(const char* key, std::vector<std::string>& value) const;

  // Throws unless the key is there.
  void require(const char* key, const char* why) const;
  [[noreturn]] void fail(const char* key, const std::string& what) const;

 private:
  const nlohmann::json& object_;
  std::string where_;
  ValueNames names_;
};

}  // namespace perigee
