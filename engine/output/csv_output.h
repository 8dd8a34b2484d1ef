// Every sample as a row of a CSV file in k6's format.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/output/csv_spec.h"
#include "engine/output/file_writer.h"
#include "engine/output/output.h"

namespace perigee {

class CsvOutput final : public SampleOutput {
 public:
  // Opens the file and writes the header. Throws ConfigError if it cannot be opened.
  CsvOutput(const CsvSpec& spec, const MetricRegistry& registry, TimeOrigin origin);

  std::string name() const override;
  void write(const SampleBatch& batch) override;
  void finish() override;

 private:
  // By TagSetId: the end of a row.
  using Tails = std::vector<std::string>;

  Tails& remember_tags(const SampleBatch& batch);
  void append_row(const Tails& tails, const RawSample& sample);
  void append_cached_second(WallTime time);

  CsvSpec spec_;
  TimeOrigin origin_;
  std::unique_ptr<FileWriter> file_;
  // By MetricId: the name and its comma.
  std::vector<std::string> heads_;
  std::unordered_map<uint32_t, Tails> tails_by_worker_;
  std::string rows_;
  // Rows that follow each other are mostly of one second, which is spelt once.
  std::chrono::seconds second_{-1};
  std::string second_text_;
};

}  // namespace perigee
