#include "engine/export/influx/influx.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/export/influx/influx_lines.h"

namespace perigee::exports {
namespace {

// The name in the quotation marks of InfluxDB's queries, within a form.
std::string quoted_in_form(std::string_view name) {
  std::string result = "%22";
  for (const char c : name) {
    if (c == '"' || c == '\\') result += "%5C";
    result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result + "%22";
}

}  // namespace

Influx::Influx(Loop& loop, std::unique_ptr<PushTransport> transport, InfluxSettings settings,
               std::string name, Log& log)
    : settings_(std::move(settings)),
      interval_(settings_.interval),
      queue_(loop, std::move(transport), {.name = std::move(name)}, log) {}

// As k6 does. Who may not make a database may still write to one that is there.
void Influx::begin(const TimeOrigin& origin) {
  origin_ = origin;
  interval_.begin(origin.instant);
  queue_.add({.body = "q=CREATE+DATABASE+" + quoted_in_form(settings_.database),
              .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
              .target = "/query"});
}

void Influx::update(const SampleBook& book, const ExportUpdate& update) {
  if (!open_) open_.emplace(book.registry());
  for (const SeriesDelta& delta : update.series)
    open_->add(delta);
  if (interval_.update(update.moment.at)) push();
}

void Influx::push() {
  interval_.push();
  if (!open_ || open_->series().empty()) return;
  const Duration since_1970 = origin_.wall_at(interval_.last_update()).time_since_epoch();
  std::string lines =
      influx_lines(*open_, settings_.tags_as_fields, since_1970 / settings_.precision);
  open_.reset();
  const auto count = std::count(lines.begin(), lines.end(), '\n');
  queue_.add({.body = std::move(lines),
              .samples = static_cast<uint64_t>(count),
              .headers = {{"Content-Type", "text/plain; charset=utf-8"}}});
}

void Influx::finish(const SampleBook& /*book*/, const std::function<void()>& done) {
  push();
  queue_.finish(done);
}

}  // namespace perigee::exports
