// A report as GitHub's Markdown, for pull requests and the summaries of jobs.
#pragma once

#include <string>

#include "engine/reports/report.h"
#include "engine/reports/tables.h"

namespace perigee::reports {

std::string markdown_report(const Report& report);

// One table with its title; long ones are cut, with a line that says how many rows are missing.
void append_markdown(std::string& text, const Table& table);

}  // namespace perigee::reports
