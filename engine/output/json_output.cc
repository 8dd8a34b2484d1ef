#include "engine/output/json_output.h"

#include <utility>

#include <fmt/format.h>

#include "engine/base/check.h"
#include "engine/base/json_text.h"
#include "engine/output/json_line.h"
#include "engine/output/sample_metadata.h"

namespace perigee {

JsonOutput::JsonOutput(const std::string& file, const OutputContext& context)
    : wants_vu_(context.system_tags.has(SystemTag::kVu)),
      wants_iteration_(context.system_tags.has(SystemTag::kIter)),
      origin_(context.origin),
      log_(context.log),
      file_(open_writer(file)) {
  const auto submetrics = submetrics_of(context.thresholds, context.registry);
  for (const Metric& metric : context.registry) {
    metrics_.push_back(
        {json_metric_line(metric, context.thresholds, submetrics), json_point_head(metric)});
  }
}

std::string JsonOutput::name() const {
  return fmt::format("json ({})", file_->name());
}

void JsonOutput::write(const SampleBatch& batch) {
  const Tails& tails = remember_tags(batch);
  const bool has_sources = batch.sources.size() == batch.samples.size();
  for (size_t i = 0; i < batch.samples.size(); ++i) {
    append_line(tails, batch.samples[i]);
    if (has_sources && batch.sources[i].known) append_metadata(batch.sources[i]);
    lines_ += "}}\n";
  }
  file_->write(lines_);
  lines_.clear();
  if (log_ == nullptr || repairs_.strings == 0) return;
  report_repairs(*log_, std::exchange(repairs_, {}), "--out " + name());
}

void JsonOutput::finish() {
  file_->close();
}

JsonOutput::Tails& JsonOutput::remember_tags(const SampleBatch& batch) {
  Tails& tails = tails_by_worker_[batch.worker];
  for (const auto& [id, tags] : batch.new_tags) {
    if (tails.size() <= id) tails.resize(id + 1);
    tails[id] = json_point_tags(*tags, &repairs_);
  }
  return tails;
}

void JsonOutput::append_line(const Tails& tails, const RawSample& sample) {
  PERIGEE_CHECK(sample.metric < metrics_.size() && sample.tags < tails.size());
  MetricText& metric = metrics_[sample.metric];
  if (!metric.description.empty()) {
    lines_ += metric.description;
    metric.description.clear();
  }
  lines_ += metric.head;
  time_.append(lines_, origin_.wall_at(sample.at));
  lines_ += R"(","value":)";
  append_json_number(lines_, sample.value);
  lines_ += tails[sample.tags];
}

void JsonOutput::append_metadata(const SampleSource& source) {
  if (source.metadata) {
    lines_ += json_point_metadata(all_metadata(source, wants_vu_, wants_iteration_), &repairs_);
    return;
  }
  const bool has_vu = wants_vu_ && source.vu != 0;
  if (!has_vu && !wants_iteration_) return;
  lines_ += R"(,"metadata":{)";
  if (wants_iteration_) {
    ((lines_ += R"("iter":")") += fmt::format_int(source.iteration).c_str()) += '"';
  }
  if (wants_iteration_ && has_vu) lines_ += ',';
  if (has_vu) ((lines_ += R"("vu":")") += fmt::format_int(source.vu).c_str()) += '"';
  lines_ += '}';
}

}  // namespace perigee
