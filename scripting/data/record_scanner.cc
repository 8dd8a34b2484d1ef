#include "scripting/data/record_scanner.h"

#include <utility>

namespace perigee {

bool RecordScanner::feed(char c) {
  if (!format_.csv) return format_.ends_line(c);
  if (state_ == State::kQuoted) {
    if (c == '"') state_ = State::kQuoteSeen;
    return false;
  }
  if (format_.ends_line(c)) return true;
  if (c == format_.delimiter) {
    ++fields_;
    state_ = State::kFieldStart;
  } else if (c == '"' && state_ != State::kPlain) {
    state_ = State::kQuoted;  // a field begins, or a quote within it is written twice
  } else if (state_ == State::kFieldStart) {
    state_ = State::kPlain;
  } else if (state_ == State::kQuoteSeen && c != '\r') {
    malformed_ = true;
  }
  return false;
}

void RecordScanner::reset() {
  state_ = State::kFieldStart;
  malformed_ = false;
  fields_ = 1;
}

std::vector<std::string> split_row(std::string_view row, char delimiter) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  bool begins = true;
  for (size_t i = 0; i < row.size(); ++i) {
    const char c = row[i];
    if (quoted && c == '"') {
      // Two stand for one; one ends the field.
      quoted = i + 1 < row.size() && row[i + 1] == '"';
      if (!quoted) continue;
      fields.back() += row[++i];
    } else if (quoted) {
      fields.back() += c;
    } else if (c == delimiter) {
      fields.emplace_back();
      begins = true;
      continue;
    } else if (c == '"' && begins) {
      quoted = true;
    } else {
      fields.back() += c;
    }
    begins = false;
  }
  return fields;
}

}  // namespace perigee
