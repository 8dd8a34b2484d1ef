#include "engine/output/csv_output.h"

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/output/number_text.h"
#include "engine/output/sample_metadata.h"

namespace perigee {

CsvOutput::CsvOutput(const CsvSpec& spec, const OutputContext& context)
    : spec_(spec),
      columns_(context.system_tags),
      wants_vu_(context.system_tags.has(SystemTag::kVu)),
      wants_iteration_(context.system_tags.has(SystemTag::kIter)),
      origin_(context.origin),
      time_(spec.time_format),
      file_(open_writer(spec.file)) {
  for (const Metric& metric : context.registry)
    heads_.push_back(metric.name + ',');
  rows_ = columns_.header();
}

std::string CsvOutput::name() const {
  return fmt::format("csv ({})", file_->name());
}

void CsvOutput::write(const SampleBatch& batch) {
  const Tails& tails = remember_tags(batch);
  const bool has_sources = batch.sources.size() == batch.samples.size();
  for (size_t i = 0; i < batch.samples.size(); ++i) {
    append_row(tails, batch.samples[i]);
    if (has_sources && batch.sources[i].known) append_metadata(batch.sources[i]);
    rows_ += '\n';
  }
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
    tails[id] = columns_.tags(*tags);
  }
  return tails;
}

void CsvOutput::append_row(const Tails& tails, const RawSample& sample) {
  PERIGEE_CHECK(sample.metric < heads_.size() && sample.tags < tails.size());
  rows_ += heads_[sample.metric];
  time_.append(rows_, origin_.wall_at(sample.at));
  rows_ += ',';
  append_fixed(rows_, sample.value);
  rows_ += tails[sample.tags];
}

void CsvOutput::append_metadata(const SampleSource& source) {
  if (source.metadata) {
    std::vector<std::string> pairs;
    for (const auto& [key, value] : all_metadata(source, wants_vu_, wants_iteration_))
      pairs.push_back(key + '=' + value);
    rows_ += csv_field(fmt::format("{}", fmt::join(pairs, "&")));
    return;
  }
  const bool has_vu = wants_vu_ && source.vu != 0;
  if (wants_iteration_) (rows_ += "iter=") += fmt::format_int(source.iteration).c_str();
  if (wants_iteration_ && has_vu) rows_ += '&';
  if (has_vu) (rows_ += "vu=") += fmt::format_int(source.vu).c_str();
}

}  // namespace perigee
