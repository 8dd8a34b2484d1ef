// A comparison as text, Markdown and JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/compare/comparison.h"

namespace perigee::compare {

// `failed` are the conditions that were met, as written.
std::string comparison_text(const Comparison& comparison, const std::vector<std::string>& failed);
std::string comparison_markdown(const Comparison& comparison,
                                const std::vector<std::string>& failed);
std::string comparison_json(const Comparison& comparison, const std::vector<std::string>& failed);

// "2 figures are worse, 1 is better; no difference seen in 9"
std::string conclusion_of(const Comparison& comparison);

}  // namespace perigee::compare
