// Streamed answers that a test has written down, and what a script prints of them.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"

namespace perigee {

// The head of a stream in chunks, and its end.
inline const std::string kStreamHead =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
inline const std::string kStreamEnd = "0\r\n\r\n";

inline std::string chunk(const std::string& text) {
  std::string size(16, '\0');
  size.resize(static_cast<size_t>(std::snprintf(size.data(), size.size(), "%zx", text.size())));
  return size + "\r\n" + text + "\r\n";
}

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
