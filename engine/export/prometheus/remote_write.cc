#include "engine/export/prometheus/remote_write.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <snappy.h>

#include "engine/export/limits.h"
#include "engine/http/header_fields.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kVersionHeader = "X-Prometheus-Remote-Write-Version";

std::string compressed(const std::string& message) {
  std::string result;
  snappy::Compress(message.data(), message.size(), &result);
  return result;
}

Push push_of(WriteVersion version, const std::string& message, uint64_t samples) {
  Push push{.body = compressed(message), .samples = samples};
  const bool v2 = version == WriteVersion::kV2;
  push.headers = {
      {"Content-Type", v2 ? "application/x-protobuf;proto=io.prometheus.write.v2.Request"
                          : "application/x-protobuf"},
      {"Content-Encoding", "snappy"},
      {std::string(kVersionHeader), v2 ? "2.0.0" : "0.1.0"}};
  return push;
}

WriteVersion version_of(const Push& push) {
  for (const auto& [name, value] : push.headers) {
    if (name == kVersionHeader && value.starts_with("2.")) return WriteVersion::kV2;
  }
  return WriteVersion::kV1;
}

// Samples and histograms, as a receiver that speaks 2.0 counts them; nothing of one that does not.
std::optional<uint64_t> written_samples(std::string_view fields) {
  uint64_t sum = 0;
  bool found = false;
  for (const std::string_view name : {"x-prometheus-remote-write-samples-written",
                                      "x-prometheus-remote-write-histograms-written"}) {
    const auto field = http::find_field(fields, name);
    if (!field) continue;
    uint64_t count = 0;
    std::from_chars(field->data(), field->data() + field->size(), count);
    sum += count;
    found = true;
  }
  return found ? std::optional(sum) : std::nullopt;
}

int64_t milliseconds_of(WallTime time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

}  // namespace

RemoteWrite::RemoteWrite(Loop& loop, std::unique_ptr<PushTransport> transport,
                         RemoteWriteSettings settings, std::string name, Log& log)
    : settings_(std::move(settings)),
      interval_(settings_.interval),
      name_(std::move(name)),
      log_(log),
      queue_(loop, std::move(transport), {.name = name_}, log) {
  queue_.judge_by(
      [this](const Push& push, PushResult result) { return judge(push, std::move(result)); });
}

PushResult RemoteWrite::judge(const Push& push, PushResult result) {
  const bool v2 = version_of(push) == WriteVersion::kV2;
  const auto written = written_samples(result.fields);
  if (v2 && version_ == WriteVersion::kV1 && push.samples == 0) return judge_question(result);
  if (result.kind == PushResult::Kind::kRefused && v2) speak(WriteVersion::kV1);
  if (result.kind != PushResult::Kind::kAccepted || !written) return result;
  speak(WriteVersion::kV2);
  if (v2 && *written < push.samples) {
    result.samples_refused = push.samples - *written;
    result.reason = "the receiver has written less than it was sent";
  }
  return result;
}

// Some who can't read it take it all the same, others refuse it in ways of their own.
PushResult RemoteWrite::judge_question(const PushResult& result) {
  if (result.kind == PushResult::Kind::kUnreachable) return result;
  const bool is_taken = result.kind == PushResult::Kind::kAccepted;
  if (is_taken && written_samples(result.fields)) speak(WriteVersion::kV2);
  return {};
}

void RemoteWrite::speak(WriteVersion version) {
  if (std::exchange(version_, version) == version) return;
  log_.debug(fmt::format("{}: the receiver speaks version {}", name_,
                         version == WriteVersion::kV2 ? "2.0" : "1.0"));
}

void RemoteWrite::update(const SampleBook& book, const ExportUpdate& update) {
  if (interval_.update(update.moment.at)) push(book);
}

void RemoteWrite::push(const SampleBook& book) {
  interval_.push();
  time_ms_ = std::max(time_ms_ + 1, milliseconds_of(origin_.wall_at(interval_.last_update())));
  push_series(written_series(book, settings_.stats, settings_.native_histograms),
              /*stale=*/false);
  if (!std::exchange(asked_, true)) ask_for_v2();
}

// A receiver's responses to version 1.0 need not say that it speaks 2.0.
void RemoteWrite::ask_for_v2() {
  queue_.add(push_of(WriteVersion::kV2,
                     write_request(WriteVersion::kV2, {}, time_ms_, /*stale=*/false), 0));
}

// Histograms go apart: a receiver that refuses them refuses the whole request.
void RemoteWrite::push_series(std::vector<WrittenSeries> series, bool stale) {
  const auto middle = std::stable_partition(
      series.begin(), series.end(), [](const auto& one) { return !one.histogram.has_value(); });
  push_part({series.begin(), middle}, stale);
  push_part({middle, series.end()}, stale);
}

void RemoteWrite::push_part(std::span<const WrittenSeries> series, bool stale) {
  while (!series.empty()) {
    const auto part = series.first(std::min(series.size(), limits::kSeriesPerPush));
    series = series.subspan(part.size());
    // Nobody misses a marker as they would a sample.
    const uint64_t samples = stale ? 0 : part.size();
    queue_.add(push_of(version_, write_request(version_, part, time_ms_, stale), samples));
  }
}

void RemoteWrite::finish(const SampleBook& book, const std::function<void()>& done) {
  if (interval_.has_unpushed()) push(book);
  if (settings_.stale_markers && interval_.last_update() != Instant{}) {
    ++time_ms_;
    push_series(written_series(book, settings_.stats, settings_.native_histograms),
                /*stale=*/true);
  }
  queue_.finish(done);
}

}  // namespace perigee::exports
