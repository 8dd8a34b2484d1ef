// The rows of k6's CSV files: their columns and quoting.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/metrics/system_tags.h"
#include "engine/metrics/tags.h"

namespace perigee {

// The columns of one file: fixed ones around those of the system tags that are on.
class CsvColumns {
 public:
  explicit CsvColumns(const SystemTags& system_tags);

  // The first line, with its line feed.
  std::string header() const;

  // A row's part between the value and the metadata, commas on both sides included: the columns of
  // the system tags, then all other tags.
  std::string tags(const TagSet& tags) const;

 private:
  std::string extra_tags(const TagSet& tags) const;

  SystemTags system_tags_;
  std::vector<std::string_view> names_;
};

// Quoted as RFC 4180 says where needed.
std::string csv_field(std::string_view text);

}  // namespace perigee
