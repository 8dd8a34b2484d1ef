#include "scripting/data/record_file.h"

#include <fstream>
#include <random>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

constexpr RecordFormat kCsv{.csv = true};

struct FileFixture {
  std::string write(const std::string& text) {
    std::ofstream(folder / "data", std::ios::binary) << text;
    return folder / "data";
  }
  std::vector<std::string> records(const std::string& text, RecordFormat format = {}) {
    const RecordFile file(write(text), format);
    std::vector<std::string> records;
    for (size_t i = 0; i < file.size(); ++i)
      records.push_back(file.read(i));
    return records;
  }
  // The error without the folder's name.
  std::string error(const std::string& text) {
    try {
      const RecordFile file(write(text), kCsv);
    } catch (const ConfigError& error) {
      const std::string message = error.what();
      return message.substr((folder / "").size());
    }
    return "no error";
  }

  ScratchFolder folder;
};

using Records = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(FileFixture, "a file is read as its lines, empty ones included") {
  CHECK(records("a\nb\n\nc") == Records{"a", "b", "", "c"});
  CHECK(records("a\r\nb\r\n") == Records{"a", "b"});
  CHECK(records("\n") == Records{""});
  CHECK(records("") == Records{});
  CHECK(records("\xef\xbb\xbf"
                "a\n") == Records{"a"});
}

TEST_CASE_FIXTURE(FileFixture, "a CSV file is read as its rows, without empty lines") {
  CHECK(records("a,b\n\r\n\"c\nd\",e\n\n", kCsv) == Records{"a,b", "\"c\nd\",e"});
  CHECK(records("\xef\xbb\xbf"
                "a,b",
                kCsv) == Records{"a,b"});
  CHECK(records("", kCsv) == Records{});
}

TEST_CASE_FIXTURE(FileFixture, "any record of a file of many blocks is found") {
  std::mt19937_64 random(5);
  std::string text;
  Records rows;
  while (text.size() < 3'000'000) {
    std::string row = std::to_string(rows.size()) + ",\"" +
                      std::string(random() % 300, static_cast<char>('a' + random() % 26)) + "\"";
    if (random() % 50 == 0) row.insert(row.size() - 1, "\n\"\",");
    text += row + (random() % 10 == 0 ? "\n\n" : "\n");
    rows.push_back(std::move(row));
  }
  const RecordFile file(write(text), kCsv);
  REQUIRE(file.size() == rows.size());
  for (size_t i = 0; i < rows.size(); i += 1 + random() % 20)
    CHECK(file.read(i) == rows[i]);
  CHECK(file.read(rows.size() - 1) == rows.back());
}

TEST_CASE_FIXTURE(FileFixture, "lines may end with a carriage return alone") {
  CHECK(records("name,age\rann,30\rbob,25\r", kCsv) == Records{"name,age", "ann,30", "bob,25"});
  CHECK(records("name,age\r\r\"bob\njr\",25", kCsv) == Records{"name,age", "\"bob\njr\",25"});
  CHECK(records("\xef\xbb\xbf\"a\rb\",c\rd,e\r", kCsv) == Records{"\"a\rb\",c", "d,e"});
  CHECK(records("one\rtwo\r\rthree") == Records{"one", "two", "", "three"});
  CHECK(error("a,b\rc,d\re\r") == "data:3: 1 fields, but the first row has 2 (delimiter: \",\")");
  // Where lines end otherwise it is a character as any other.
  CHECK(records("a\rb\nc\n") == Records{"a\rb", "c"});
  CHECK(records("\"a\",b\r\nc,d\r\n", kCsv) == Records{"\"a\",b", "c,d"});
}

TEST_CASE_FIXTURE(FileFixture, "a file in UTF-16 is named as what it is") {
  constexpr const char* kError =
      "data: the file is UTF-16; save it as UTF-8 (Excel: \"CSV UTF-8\"; a shell: iconv -f UTF-16 "
      "-t "
      "UTF-8)";
  CHECK(error(std::string("\xff\xfe"
                          "a\0,\0b\0\n\0",
                          10)) == kError);
  CHECK(error(std::string("\xfe\xff\0a\0,\0b\0\n", 10)) == kError);
  CHECK(error(std::string("a\0,\0b\0\n\0", 8)) == kError);
}

TEST_CASE_FIXTURE(FileFixture, "what is wrong in a CSV file is told with its line") {
  CHECK(error("a,b\nc,d\n\ne\n") == "data:4: 1 fields, but the first row has 2 (delimiter: \",\")");
  CHECK(error("a,b\n\"c\nd\",e\nf,g,h\n") ==
        "data:4: 3 fields, but the first row has 2 (delimiter: \",\")");
  CHECK(error("a,b\nc,\"d\ne,f\n") == "data:2: a quoted field is not closed: a \" is missing");
  CHECK(error("a,b\n\"c\"d,e\n") ==
        "data:2: after a quoted field comes a delimiter or the end of the line");
}

TEST_CASE_FIXTURE(FileFixture, "a file that is none is refused") {
  CHECK_THROWS_WITH_AS(RecordFile(folder / "missing", kCsv),
                       doctest::Contains("missing: No such file or directory"), ConfigError);
  CHECK_THROWS_WITH_AS(RecordFile(folder / "", kCsv), doctest::Contains("it is no regular file"),
                       ConfigError);
}

TEST_CASE_FIXTURE(FileFixture, "a file that shrank meanwhile gives an error, no other row") {
  const RecordFile file(write("a\nb\nc\n"), {});
  std::filesystem::resize_file(folder / "data", 2);
  CHECK(file.read(0) == "a");
  CHECK_THROWS_WITH(file.read(2), doctest::Contains("has changed since the test began"));
}

}  // namespace perigee
