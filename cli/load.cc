#include "cli/load.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/output/humanize.h"

namespace perigee {
namespace {

std::string counted(int64_t count, std::string_view what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

}  // namespace

std::string describe(const Load& load, const LoadNames& names) {
  std::string text;
  if (load.rate) text = fmt::format("{} {}s per second, ", human_number(*load.rate), names.request);
  if (!load.rate || load.connections_given) {
    const int64_t most = load.each ? load.connections : load.requests.value_or(load.connections);
    const int64_t used = std::min(load.connections, most);
    text += fmt::format("{}{}, ", load.rate ? "at most " : "", counted(used, names.connection));
  }
  if (load.requests)
    text += counted(*load.requests, names.request) + (load.each ? " each, " : ", ");
  if (load.duration) {
    text += fmt::format("{}{}, ", load.requests ? "at most " : "", format_duration(*load.duration));
  }
  return text.substr(0, text.size() - 2);
}

}  // namespace perigee
