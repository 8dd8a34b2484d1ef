// Lines of a name and its figures, aligned in columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

enum class Colour { kPlain, kBold, kFaint, kGreen, kRed, kCyan };

// Wraps text in a terminal's colour codes, or leaves it alone.
class Painter {
 public:
  explicit Painter(bool colours) : colours_(colours) {}
  std::string operator()(Colour colour, std::string_view text) const;

 private:
  bool colours_;
};

struct TextRow {
  // With its indentation.
  std::string name;
  std::vector<std::string> cells;
  // Rows of trends have columns of their own; of all others the first cell is the main figure.
  bool is_trend = false;
};

// Knows the widths that a number of rows need.
class TextLayout {
 public:
  // `least_figure` is the width that main figures get at least.
  TextLayout(const std::vector<TextRow>& rows, const Painter& painter, size_t least_figure = 0);

  // "name.......: figure others", without an end of line.
  std::string line(const TextRow& row) const;

 private:
  void measure(const TextRow& row);

  Painter painter_;
  size_t name_width_ = 0;
  std::vector<size_t> trend_widths_;
  std::vector<size_t> figure_widths_;
};

}  // namespace perigee
