#include "engine/reports/markdown_report.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "engine/reports/markup.h"

namespace perigee::reports {
namespace {

// GitHub takes 1 MB of a job's summary and 64 kB of a comment.
constexpr size_t kMaxRows = 100;
constexpr size_t kMaxCell = 200;

// Escapes what Markdown or HTML would give a meaning to, also within a table.
std::string escaped(std::string_view text) {
  static constexpr std::string_view kSpecial = "\\`*_[]|~$";
  std::string result;
  for (const char character : escape_markup(text)) {
    if (character == '\n' || character == '\r') {
      result += ' ';
      continue;
    }
    if (kSpecial.find(character) != std::string_view::npos) result += '\\';
    result += character;
    // People and issues must not hear of every report.
    if (character == '@' || character == '#') result += "<!-- -->";
  }
  return result;
}

// Never ends within a character.
std::string cut(std::string_view text) {
  if (text.size() <= kMaxCell) return std::string(text);
  size_t end = kMaxCell;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
    --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string cell_text(const Cell& cell) {
  const std::string_view mark = cell.verdict == Verdict::kNone   ? ""
                                : cell.verdict == Verdict::kGood ? "✅ "
                                                                 : "❌ ";
  return fmt::format("{}{}", mark, escaped(cut(cell.text)));
}

void append_row(std::string& text, const std::vector<Cell>& row) {
  text += '|';
  for (const Cell& cell : row)
    text += fmt::format(" {} |", cell_text(cell));
  text += '\n';
}

// Columns of figures are aligned to the right.
void append_head(std::string& text, const Table& table) {
  std::vector<Cell> names;
  std::string rule = "|";
  for (size_t i = 0; i < table.columns.size(); ++i) {
    names.push_back({.text = table.columns[i]});
    const bool is_figure = table.rows.front()[i].number.has_value();
    rule += is_figure ? " ---: |" : " --- |";
  }
  append_row(text, names);
  text += rule + '\n';
}

void append_warnings(std::string& text, const Report& report) {
  if (report.summary.warnings.empty()) return;
  text += "> [!WARNING]\n";
  for (const std::string& warning : report.summary.warnings)
    text += fmt::format("> - {}\n", escaped(warning));
  text += '\n';
}

void append_folded(std::string& text, std::string_view title, std::string_view body) {
  text += fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", title, body);
}

std::string options_block(const Report& report) {
  return fmt::format("<pre>{}</pre>\n", escape_markup(shown_options(report)));
}

}  // namespace

void append_markdown(std::string& text, const Table& table) {
  if (table.empty()) return;
  if (!table.title.empty()) text += fmt::format("### {}\n\n", table.title);
  append_head(text, table);
  const size_t shown = std::min(table.rows.size(), kMaxRows);
  for (size_t i = 0; i < shown; ++i)
    append_row(text, table.rows[i]);
  text += '\n';
  if (shown == table.rows.size()) return;
  text += fmt::format("… and {} more.\n\n", table.rows.size() - shown);
}

std::string markdown_report(const Report& report) {
  std::string text = fmt::format("## {} {}: {}\n\n", passed(report) ? "✅" : "❌",
                                 escaped(report.header.script), escaped(verdict_text(report)));
  append_warnings(text, report);
  append_markdown(text, facts_table(report));
  for (const Table& table : page_tables(report))
    append_markdown(text, table);
  std::string machine;
  Table table = machine_table(report);
  table.title.clear();
  append_markdown(machine, table);
  append_folded(text, "Machine", machine);
  append_folded(text, "Options", options_block(report));
  return text;
}

}  // namespace perigee::reports
