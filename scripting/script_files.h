// Where the modules and files lie that a script names: beside the file whose code names them,
// beside the script, or in the current folder.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "scripting/lua.h"
#include "scripting/script.h"

namespace perigee {

struct ScriptModule {
  std::string path;  // as messages call it
  std::string key;   // the same however it was named
};

// Used on its host's thread.
class ScriptFiles {
 public:
  // `require` is the function by which scripts load modules. The script must outlive it.
  ScriptFiles(const Script& script, lua_CFunction require) : script_(script), require_(require) {}

  // The module that the running code calls so: "./name" and "../name" are relative to the file of
  // that code, other names to the script's folder, then the current one. Nothing if there is none.
  std::optional<ScriptModule> find_module(lua_State* L, const std::string& name) const;
  // The paths at which that looks, and what may have been meant.
  std::string describe_places(lua_State* L, const std::string& name) const;

  // The file that the running code names: beside the file of that code, else beside the script,
  // else in the current folder; the last of these if it is nowhere.
  std::filesystem::path find(lua_State* L, const std::filesystem::path& name) const;
  // The same; throws ConfigError with all places if it is nowhere.
  std::filesystem::path need(lua_State* L, const std::filesystem::path& name) const;

  // Around the run of a module's code.
  class Loading {
   public:
    Loading(ScriptFiles& files, const std::string& path) : files_(files) {
      files_.loading_.push_back(path);
    }
    ~Loading() { files_.loading_.pop_back(); }
    Loading(const Loading&) = delete;
    Loading& operator=(const Loading&) = delete;

   private:
    ScriptFiles& files_;
  };

  // The module has returned nothing, which `require` makes true.
  void note_silent(const std::string& path) { silent_.insert(path); }
  // What to put behind the message of an error that may come from that; empty for others.
  std::string explain(std::string_view message) const;

 private:
  std::string caller(lua_State* L) const;
  std::filesystem::path folder_of(const std::string& file) const;
  std::vector<std::string> module_places(lua_State* L, const std::string& name) const;
  std::vector<std::filesystem::path> file_places(lua_State* L,
                                                 const std::filesystem::path& name) const;
  std::string hint(lua_State* L, const std::string& name) const;

  const Script& script_;
  lua_CFunction require_;
  std::vector<std::string> loading_;  // modules whose code runs now, each required by the last
  std::set<std::string> silent_;
};

}  // namespace perigee
