#include "engine/output/csv_output.h"

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/output/csv_row.h"

namespace perigee {

CsvOutput::CsvOutput(const CsvSpec& spec, const MetricRegistry& registry, TimeOrigin origin)
    : spec_(spec), origin_(origin), file_(open_writer(spec.file)) {
  for (const Metric& metric : registry)
    heads_.push_back(metric.name + ',');
  rows_ = csv_header();
}

std::string CsvOutput::name() const {
  return fmt::format("csv ({})", spec_.file);
}

void CsvOutput::write(const SampleBatch& batch) {
  const Tails& tails = remember_tags(batch);
  for (const RawSample& sample : batch.samples)
    append_row(tails, sample);
  file_->write(rows_);
  rows_.clear();
}

void CsvOutput::finish() {
  file_->write(rows_);
  file_->close();
}

CsvOutput::Tails& CsvOutput::remember_tags(const SampleBatch& batch) {
  Tails& tails = tails_by_worker_[batch.worker];
  for (const auto& [id, tags] : batch.new_tags) {
    if (tails.size() <= id) tails.resize(id + 1);
    tails[id] = csv_tags(*tags);
  }
  return tails;
}

void CsvOutput::append_row(const Tails& tails, const RawSample& sample) {
  PERIGEE_CHECK(sample.metric < heads_.size() && sample.tags < tails.size());
  rows_ += heads_[sample.metric];
  const WallTime time = origin_.wall_at(sample.at);
  if (spec_.time_format == CsvTimeFormat::kUnix) {
    append_cached_second(time);
  } else {
    append_time(rows_, time, spec_.time_format);
  }
  rows_ += ',';
  append_value(rows_, sample.value);
  rows_ += tails[sample.tags];
}

void CsvOutput::append_cached_second(WallTime time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
  if (second != second_) {
    second_ = second;
    second_text_.clear();
    append_time(second_text_, time, CsvTimeFormat::kUnix);
  }
  rows_ += second_text_;
}

}  // namespace perigee
