// Every sample as a row of a CSV file in k6's format.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/output/csv_row.h"
#include "engine/output/csv_spec.h"
#include "engine/output/file_writer.h"
#include "engine/output/outputs.h"

namespace perigee {

class CsvOutput final : public SampleOutput {
 public:
  // Opens the file; the header is its first line. Throws ConfigError if it cannot be opened.
  CsvOutput(const CsvSpec& spec, const OutputContext& context);

  std::string name() const override;
  void write(const SampleBatch& batch) override;
  void finish() override;

 private:
  // By TagSetId: the part of a row after the value.
  using Tails = std::vector<std::string>;

  Tails& remember_tags(const SampleBatch& batch);
  void append_row(const Tails& tails, const RawSample& sample);
  void append_metadata(const SampleSource& source);

  CsvSpec spec_;
  CsvColumns columns_;
  const bool wants_vu_;
  const bool wants_iteration_;
  TimeOrigin origin_;
  TimeText time_;
  std::unique_ptr<FileWriter> file_;
  // By MetricId: the name and its comma.
  std::vector<std::string> heads_;
  std::unordered_map<uint32_t, Tails> tails_by_worker_;
  std::string rows_;
};

}  // namespace perigee
