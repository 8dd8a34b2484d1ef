// Streamed answers that a test has written down, and what a script prints of them.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"
#include "tests/support/streamed_answer.h"

namespace perigee {

// The message of a line of the log, as it was given.
inline std::string message_of(const std::string& line) {
  const std::string before = "msg=";
  std::string rest = line.substr(line.find(before) + before.size());
  if (rest.empty() || rest.front() != '"') return rest.substr(0, rest.find(' '));
  std::string message;
  for (size_t i = 1; i < rest.size() && rest[i] != '"'; ++i) {
    const bool escape = rest[i] == '\\';
    if (escape) ++i;
    message += escape && rest[i] == 'n' ? '\n' : rest[i];
  }
  return message;
}

// What the script prints, having run to its end.
inline std::vector<std::string> printed(const RawServer& server, const std::string& body) {
  HttpScript script(server, body);
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  REQUIRE(result == IterationResult::kCompleted);
  std::vector<std::string> lines;
  for (const std::string& line : script.lines())
    lines.push_back(message_of(line));
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace perigee
