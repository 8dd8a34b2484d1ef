#include "scripting/data/record_array.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

void check_options(const CsvOptions& options) {
  if (options.as_objects && options.skip_first_line) {
    throw ConfigError(
        "asObjects and skipFirstLine exclude each other: the first line has the names");
  }
  if (options.as_objects && options.from_line > 0) {
    throw ConfigError("asObjects and fromLine exclude each other: the first line has the names");
  }
  if (options.to_line && *options.to_line < options.from_line) {
    throw ConfigError("toLine must not be less than fromLine");
  }
}

}  // namespace

void LineArray::push(lua_State* L, size_t index) const {
  push_view(L, file_.read(index));
}

CsvArray::CsvArray(std::filesystem::path path, const CsvOptions& options)
    : file_((check_options(options), std::move(path)),
            {.csv = true, .delimiter = options.delimiter}),
      delimiter_(options.delimiter) {
  if (options.as_objects) read_names();
  first_ =
      std::max<size_t>(options.from_line, options.as_objects || options.skip_first_line ? 1 : 0);
  const size_t end = options.to_line ? std::min(*options.to_line + 1, file_.size()) : file_.size();
  size_ = end > first_ ? end - first_ : 0;
}

void CsvArray::read_names() {
  if (file_.size() == 0) {
    throw ConfigError(
        fmt::format("{}:1: asObjects needs a first line with names", file_.path().string()));
  }
  names_ = split_row(file_.read(0), delimiter_);
  std::set<std::string> known;
  for (const std::string& name : names_) {
    if (known.insert(name).second) continue;
    throw ConfigError(
        fmt::format("{}:1: two fields are named \"{}\"", file_.path().string(), name));
  }
}

void CsvArray::push(lua_State* L, size_t index) const {
  const std::vector<std::string> fields = split_row(file_.read(first_ + index), delimiter_);
  lua_createtable(L, static_cast<int>(names_.empty() ? fields.size() : 0),
                  static_cast<int>(names_.size()));
  for (size_t i = 0; i < fields.size(); ++i) {
    push_view(L, fields[i]);
    if (names_.empty()) {
      lua_rawseti(L, -2, static_cast<int>(i + 1));
    } else if (i < names_.size()) {
      lua_setfield(L, -2, names_[i].c_str());
    }
  }
}

}  // namespace perigee
