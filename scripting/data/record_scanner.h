// Finds where the records of a text end: its lines, or the rows of a CSV file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

struct RecordFormat {
  bool csv = false;      // else a record is a line
  char delimiter = ',';  // between the fields of a CSV row
  // Lines end with a carriage return alone, as Excel's "CSV (Macintosh)" has them; a line feed ends
  // one, too.
  bool carriage_returns = false;

  bool ends_line(char c) const { return c == '\n' || (carriage_returns && c == '\r'); }
};

// Takes a text character by character; the state between them is all it keeps.
class RecordScanner {
 public:
  explicit RecordScanner(RecordFormat format) : format_(format) {}

  // Whether `c`, a line end, ends the record; the next character begins another one.
  bool feed(char c);
  // Of the record so far.
  size_t fields() const { return fields_; }
  bool in_quotes() const { return state_ == State::kQuoted; }
  // Something other than a delimiter or a line end came after a quoted field.
  bool malformed() const { return malformed_; }
  // Ready for the next record.
  void reset();

 private:
  enum class State : uint8_t { kFieldStart, kPlain, kQuoted, kQuoteSeen };

  RecordFormat format_;
  State state_ = State::kFieldStart;
  bool malformed_ = false;
  size_t fields_ = 1;
};

// The fields of a CSV row without their quotes.
std::vector<std::string> split_row(std::string_view row, char delimiter);

}  // namespace perigee
