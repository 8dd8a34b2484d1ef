// The formats that a report can be written in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/reports/report.h"

namespace perigee::reports {

enum class Format { kText, kJson, kMarkdown, kJunit, kCsv, kHtml, kXlsx, kPng };

// The format of a file by its ending. Throws ConfigError with all endings for one that is unknown.
Format format_of_file(const std::string& path);

// "text", "json", "md", "junit", "csv", "html", "xlsx", "png" and their endings. Throws ConfigError
// with all names and the closest one.
Format parse_format(std::string_view name);

// "text|json|md|...", for helps.
std::string format_names();

// Throws ConfigError if something is missing here that the format needs.
void require_format(Format format);

// `colours` are for texts on a terminal. Throws std::runtime_error if it can't be put together.
std::string render(const Report& report, Format format, bool colours = false);

}  // namespace perigee::reports
