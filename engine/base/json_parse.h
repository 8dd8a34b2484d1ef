// Reads JSON as Go and browsers do, with errors that show what was read.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace perigee {

// "parse error at line 1, column 6 (byte 6): unexpected '}'; near: {"a":}"
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A text on its way through nlohmann's parser, which takes a NUL byte for the end of the text and
// refuses halves of surrogate pairs. Here a NUL byte is an error wherever it is, and a half is
// U+FFFD.
class JsonSource {
 public:
  // The text must outlive the source.
  explicit JsonSource(std::string_view text);

  // What the parser reads.
  std::string_view text() const;
  // The error of a parser that has read as far as `byte`, from 1, with what it says.
  JsonError error(size_t byte, std::string_view parser_message) const;
  // Throws JsonError if something follows that the parser has not been given.
  void check_end() const;

 private:
  std::string_view whole_;
  size_t size_;                          // up to the first NUL byte
  std::optional<std::string> repaired_;  // as long as `whole_`
};

// The one value that a text holds. Throws JsonError.
nlohmann::json parse_json(std::string_view text);
nlohmann::ordered_json parse_ordered_json(std::string_view text);

// Throws JsonError for a text that is no JSON. Builds nothing.
void check_json(std::string_view text);

}  // namespace perigee
