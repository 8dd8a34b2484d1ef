#include "engine/base/suggest.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

#include <fmt/format.h>

namespace perigee {
namespace {

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

// Levenshtein's distance, one row at a time.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replace = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replace});
    }
  }
  return row[b.size()];
}

struct Candidate {
  std::string_view name;
  size_t distance;
};

// The first of the closest names below `limit`; without a name if there is none.
Candidate find_closest(std::string_view name, std::span<const std::string_view> names,
                       size_t limit) {
  Candidate best{{}, limit};
  for (const std::string_view candidate : names) {
    const size_t d = distance(name, candidate);
    if (d < best.distance) best = {candidate, d};
  }
  return best;
}

}  // namespace

std::string_view closest(std::string_view name, std::span<const std::string_view> known,
                         std::span<const std::string_view> refused) {
  const size_t limit = std::max<size_t>(2, name.size() / 3) + 1;
  const Candidate best = find_closest(name, known, limit);
  return find_closest(name, refused, best.distance).name.empty() ? best.name : std::string_view();
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> known,
                         std::span<const std::string_view> refused) {
  const std::string_view best = closest(name, known, refused);
  return best.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", best);
}

}  // namespace perigee
