// The pages for those who work on the program name files and functions that there are.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace perigee {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// What the page names in rows of "| `file` | `function` |", and by `file` alone, and is not there.
std::vector<std::string> missing_in(const std::string& page) {
  static const std::regex kFile(R"(`([a-z0-9_/]+\.(?:cc|h|lua))`(?: \| `([A-Za-z0-9_:]+)`)?)");
  std::vector<std::string> missing;
  for (std::sregex_iterator named(page.begin(), page.end(), kFile), end; named != end; ++named) {
    const std::string file = (*named)[1];
    const std::string function = (*named)[2];
    if (!std::filesystem::exists(file)) {
      missing.push_back(file);
    } else if (text_of(file).find(function) == std::string::npos) {
      missing.push_back(fmt::format("{} in {}", function, file));
    }
  }
  return missing;
}

TEST_CASE("the files and functions on a request's way are those of the page about it") {
  const std::string page = text_of("docs/internals/life-of-a-request.md");
  REQUIRE(page.find("| `engine/http/exchange.cc` | `Exchange::start` |") != std::string::npos);
  CHECK(fmt::format("{}", fmt::join(missing_in(page), "\n")) == "");
}

TEST_CASE("a request passes at most nine files from the script to the socket") {
  const std::string page = text_of("docs/internals/life-of-a-request.md");
  const size_t begin = page.find("## Out");
  const std::string out = page.substr(begin, page.find("## Back") - begin);
  static const std::regex kRow(R"(\n\| `([a-z0-9_/]+\.(?:cc|lua))` \|)");
  const std::sregex_iterator rows(out.begin(), out.end(), kRow);
  CHECK(std::distance(rows, std::sregex_iterator()) <= 9);
  CHECK((*rows)[1] == "scripting/prelude/http.lua");
  CHECK(out.find("| `engine/net/tcp_stream.cc` | `TcpStream::write` |") != std::string::npos);
}

TEST_CASE("a file or function that is gone is named") {
  CHECK(missing_in("see `engine/http/gone.cc`") == std::vector<std::string>{"engine/http/gone.cc"});
  CHECK(missing_in("| `engine/http/client.cc` | `Client::gone` |") ==
        std::vector<std::string>{"Client::gone in engine/http/client.cc"});
}

}  // namespace
}  // namespace perigee
