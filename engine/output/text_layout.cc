#include "engine/output/text_layout.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/output/humanize.h"

namespace perigee {
namespace {

// Between a name and its figures there are at least this many dots.
constexpr size_t kDots = 3;

void widen(std::vector<size_t>& widths, const std::vector<std::string>& cells) {
  widths.resize(std::max(widths.size(), cells.size()));
  for (size_t i = 0; i < cells.size(); ++i) {
    widths[i] = std::max(widths[i], display_width(cells[i]));
  }
}

}  // namespace

std::string Painter::operator()(Colour colour, std::string_view text) const {
  constexpr std::array<std::string_view, 6> kCodes{"0", "1", "2", "32", "31", "36"};
  if (!colours_ || colour == Colour::kPlain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<size_t>(colour)], text);
}

TextLayout::TextLayout(const std::vector<TextRow>& rows, const Painter& painter,
                       size_t least_figure)
    : painter_(painter), figure_widths_{least_figure} {
  for (const TextRow& row : rows)
    measure(row);
}

void TextLayout::measure(const TextRow& row) {
  name_width_ = std::max(name_width_, display_width(row.name));
  if (row.is_trend) {
    widen(trend_widths_, row.cells);
  } else if (row.cells.size() > 2) {
    widen(figure_widths_, row.cells);
  } else if (row.cells.size() == 2) {
    // A single remark stands last on its line: its length does not move the columns of others.
    widen(figure_widths_, {row.cells.front()});
  }
}

std::string TextLayout::line(const TextRow& row) const {
  const size_t dots = name_width_ + kDots - display_width(row.name);
  std::string text = row.name + painter_(Colour::kFaint, std::string(dots, '.') + ':');
  const std::vector<size_t>& widths = row.is_trend ? trend_widths_ : figure_widths_;
  for (size_t i = 0; i < row.cells.size(); ++i) {
    const bool is_main = row.is_trend || i == 0;
    text += ' ' + painter_(is_main ? Colour::kCyan : Colour::kFaint, row.cells[i]);
    const bool is_last = i + 1 == row.cells.size();
    if (!is_last) text += std::string(widths[i] - display_width(row.cells[i]), ' ');
  }
  return text;
}

}  // namespace perigee
