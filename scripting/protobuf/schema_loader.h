// Loads the schemas that scripts name: in their init code, from paths as scripts write them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/schema.h"
#include "scripting/lua.h"
#include "scripting/protobuf/schema_cache.h"

namespace perigee {

class ScriptHost;

// One per worker and module that loads schemas.
class SchemaLoader {
 public:
  SchemaLoader(ScriptHost& host, SchemaCache& cache) : host_(host), cache_(cache) {}

  // Of the arguments (import_paths, file, ...) from `first` on, of the function that scripts call
  // `function`: import paths are a list, a string or nil, which is the script's folder. Throws
  // std::runtime_error.
  std::shared_ptr<const protobuf::Schema> load(lua_State* L, int first,
                                               std::string_view function) const;
  // Of the file whose path is at `index`.
  std::shared_ptr<const protobuf::Schema> load_protoset(lua_State* L, int index,
                                                        std::string_view function) const;

 private:
  // The arguments of `load` as the script wrote them.
  struct Names {
    std::vector<std::string> import_paths;
    std::vector<std::string> files;
  };

  static Names read_names(lua_State* L, int first, std::string_view function);
  std::shared_ptr<const protobuf::Schema> find(const std::string& key, std::string_view function,
                                               const SchemaCache::Load& load) const;
  protobuf::ProtoFiles find_files(lua_State* L, const Names& names) const;

  ScriptHost& host_;
  SchemaCache& cache_;
};

}  // namespace perigee
