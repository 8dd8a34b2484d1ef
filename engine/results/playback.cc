#include "engine/results/playback.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee::results {
namespace {

constexpr Duration kTick = std::chrono::seconds(1);

Sink shifted(Sink sink, Duration by) {
  if (sink.kind() != MetricKind::kGauge) return sink;
  Sink::Gauge gauge = sink.gauge();
  gauge.at += by;
  return Sink(gauge);
}

// What names the runs, or parts of one, that are in a file.
std::set<std::string> parts_of(const Header& header) {
  if (!header.parts.empty()) return {header.parts.begin(), header.parts.end()};
  return {fmt::format("{} {} {} {}", header.run_id, header.segment, header.host,
                      header.started.time_since_epoch().count())};
}

}  // namespace

// A file with the interval that comes next, and how far it has been played. Durations of the whole
// are since the beginning of the first part.
struct Playback::Part {
  explicit Part(const std::string& path, MetricRegistry& registry) : reader(path, registry) {
    upcoming = reader.next();
  }

  bool over() const { return !upcoming; }
  const Header& header() const { return reader.header(); }

  ResultReader reader;
  std::optional<Interval> upcoming;
  Duration offset{};  // of its beginning from that of the whole
  Duration played{};  // of its own time
  Duration load_from{};
  Duration load{};  // so far
  bool loading = false;
  int64_t vus = 0;
  int64_t vus_max = 0;
};

Playback::Playback(const std::vector<std::string>& paths, MetricRegistry& registry) {
  for (const std::string& path : paths)
    open(path, registry);
  std::stable_sort(parts_.begin(), parts_.end(), [](const auto& a, const auto& b) {
    return a->header().started < b->header().started;
  });
  drop_repeated();
  arrange();
  compare_thresholds();
}

Playback::~Playback() = default;

void Playback::open(const std::string& path, MetricRegistry& registry) {
  parts_.push_back(std::make_unique<Part>(path, registry));
}

const Header& Playback::header() const {
  return parts_.front()->header();
}

std::vector<const Header*> Playback::headers() const {
  std::vector<const Header*> headers;
  for (const auto& part : parts_)
    headers.push_back(&part->header());
  return headers;
}

std::vector<std::string> Playback::parts() const {
  std::set<std::string> all;
  for (const auto& part : parts_)
    all.merge(parts_of(part->header()));
  return {all.begin(), all.end()};
}

// Whether the part is in the other one, too.
bool Playback::is_repeated(const Part& part, const Part& other) {
  const std::set<std::string> own = parts_of(part.header());
  const std::set<std::string> others = parts_of(other.header());
  if (std::includes(others.begin(), others.end(), own.begin(), own.end())) {
    warnings_.push_back(fmt::format("What is in {} is in {}, too, and counts once.",
                                    part.reader.path(), other.reader.path()));
    return true;
  }
  std::vector<std::string> both;
  std::set_intersection(own.begin(), own.end(), others.begin(), others.end(),
                        std::back_inserter(both));
  const bool is_around = std::includes(own.begin(), own.end(), others.begin(), others.end());
  if (both.empty() || is_around) return false;
  throw ConfigError(
      fmt::format("{} and {} were merged from some of the same files: merge these files themselves",
                  part.reader.path(), other.reader.path()));
}

void Playback::drop_repeated() {
  for (size_t i = 0; i < parts_.size();) {
    const bool repeated = std::any_of(parts_.begin(), parts_.end(), [&](const auto& other) {
      return other != parts_[i] && is_repeated(*parts_[i], *other);
    });
    if (repeated) {
      parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
}

void Playback::arrange() {
  std::set<std::string_view> runs;
  for (const auto& part : parts_)
    runs.insert(part->header().run_id);
  if (runs.size() == parts_.size()) return;
  if (runs.size() > 1) {
    throw ConfigError(
        "some of the files are parts of one run, others are runs of their own: merge the parts of "
        "each run first, and then the runs");
  }
  arrangement_ = Arrangement::kSideBySide;
  for (const auto& part : parts_)
    part->offset = part->header().started - header().started;
}

void Playback::compare_thresholds() {
  for (const auto& part : parts_) {
    if (part->header().thresholds == header().thresholds) continue;
    warnings_.push_back(fmt::format("{} has other thresholds than {}, whose are judged.",
                                    part->reader.path(), parts_.front()->reader.path()));
  }
}

void Playback::play(SnapshotRecorder& recorder) {
  recorder.begin({Instant{}, header().started});
  if (arrangement_ == Arrangement::kSideBySide) {
    play_side_by_side(recorder);
  } else {
    play_one_after_another(recorder);
  }
  conclude();
}

// Of all parts the interval that ended first comes first; every whole second ends one of the whole.
void Playback::play_side_by_side(SnapshotRecorder& recorder) {
  const auto ends = [](const Part& part) {
    return part.over() ? Duration::max() : part.offset + part.upcoming->to;
  };
  Duration due = kTick;
  Duration last{};
  while (true) {
    const auto next = std::min_element(parts_.begin(), parts_.end(),
                                       [&](auto& a, auto& b) { return ends(*a) < ends(*b); });
    const Duration until = ends(**next);
    if (until == Duration::max()) break;
    while (due < until) {
      const RunMoment moment = moment_at(due);
      recorder.tick(moment);
      // Of a time in which nothing runs, no seconds need to be told.
      due += moment.loading ? kTick : std::max(kTick, (until - due) / kTick * kTick);
    }
    give(**next, static_cast<uint32_t>(next - parts_.begin()), (*next)->offset, recorder);
    last = until;
  }
  recorder.tick(moment_at(last));
}

void Playback::play_one_after_another(SnapshotRecorder& recorder) {
  Duration offset{};
  for (const auto& part : parts_) {
    part->offset = offset;
    while (!part->over()) {
      give(*part, 0, offset, recorder);
      recorder.tick(moment_at(offset + part->played));
    }
    part->loading = false;
    offset += part->played;
  }
}

void Playback::give(Part& part, uint32_t worker, Duration offset, SnapshotRecorder& recorder) {
  Interval& interval = *part.upcoming;
  part.played = interval.to;
  part.loading = !interval.after_load;
  part.load = interval.load;
  if (part.loading) part.load_from = offset + interval.to - interval.load;
  part.vus = part.loading ? interval.vus : 0;
  part.vus_max = part.loading ? interval.vus_max : 0;
  Snapshot snapshot{.worker = worker,
                    .from = Instant(offset + interval.from),
                    .to = Instant(offset + interval.to),
                    .vus_active = part.vus,
                    .vus_initialized = part.vus_max,
                    .last = interval.after_load,
                    .series = part.reader.take_series(interval)};
  for (SeriesDelta& delta : snapshot.series)
    delta.sink = shifted(std::move(delta.sink), offset);
  recorder.add(snapshot);
  part.upcoming = part.reader.next();
}

RunMoment Playback::moment_at(Duration at) const {
  RunMoment moment{.at = Instant(at), .load = union_of_loads(), .loading = false};
  for (const auto& part : parts_) {
    const bool killed = part->over() && at > part->offset + part->played;
    if (!part->loading || killed) continue;
    moment.loading = true;
    moment.vus_active += part->vus;
    moment.vus_initialized += part->vus_max;
  }
  return moment;
}

// Repetitions do not overlap: for them it is the sum.
Duration Playback::union_of_loads() const {
  std::vector<std::pair<Duration, Duration>> loads;
  for (const auto& part : parts_)
    loads.emplace_back(part->load_from, part->load_from + part->load);
  std::sort(loads.begin(), loads.end());
  Duration total{};
  Duration covered = Duration::min();
  for (const auto& [from, to] : loads) {
    total += std::max(Duration::zero(), to - std::max(from, covered));
    covered = std::max(covered, to);
  }
  return total;
}

void Playback::conclude() {
  end_.reason = "complete";
  end_.load_seconds = to_seconds(union_of_loads());
  for (const auto& part : parts_) {
    end_.ended = std::max(end_.ended, part->offset + part->played);
    const auto& end = part->reader.end();
    const std::string reason = end ? end->reason : "killed";
    if (!end) {
      warnings_.push_back(fmt::format(
          "{} has no end: its run was killed, or goes on. It counts up to its last second.",
          part->reader.path()));
    }
    if (reason != "complete" && end_.reason == "complete") end_.reason = reason;
    if (!end) continue;
    end_.marked_failed |= end->marked_failed;
    end_.warnings.insert(end_.warnings.end(), end->warnings.begin(), end->warnings.end());
    if (end_.error.empty()) end_.error = end->error;
  }
}

}  // namespace perigee::results
