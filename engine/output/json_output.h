// Every sample as a line of JSON in k6's format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/json_repairs.h"
#include "engine/base/log.h"
#include "engine/output/file_writer.h"
#include "engine/output/outputs.h"
#include "engine/output/time_text.h"

namespace perigee {

class JsonOutput final : public SampleOutput {
 public:
  // Opens the file. Throws ConfigError if that cannot be done.
  JsonOutput(const std::string& file, const OutputContext& context);

  std::string name() const override;
  void write(const SampleBatch& batch) override;
  void finish() override;

 private:
  struct MetricText {
    // Empty once it is in the file.
    std::string description;
    // A sample's line up to its time.
    std::string head;
  };
  // By TagSetId.
  using Tails = std::vector<std::string>;

  Tails& remember_tags(const SampleBatch& batch);
  void append_line(const Tails& tails, const RawSample& sample);
  void append_metadata(const SampleSource& source);

  const bool wants_vu_;
  const bool wants_iteration_;
  TimeOrigin origin_;
  Log* const log_;
  TimeText time_{TimeFormat::kRfc3339Nano};
  std::unique_ptr<FileWriter> file_;
  // By MetricId.
  std::vector<MetricText> metrics_;
  std::unordered_map<uint32_t, Tails> tails_by_worker_;
  std::string lines_;
  JsonRepairs repairs_;  // of the batch
};

}  // namespace perigee
