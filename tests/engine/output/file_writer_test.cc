#include "engine/output/file_writer.h"

#include <filesystem>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <zlib.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

std::string unzip(const std::string& path) {
  std::string text(1'000'000, '\0');
  gzFile file = gzopen(path.c_str(), "rb");
  REQUIRE(file != nullptr);
  const int length = gzread(file, text.data(), static_cast<unsigned>(text.size()));
  REQUIRE(length >= 0);
  REQUIRE(gzdirect(file) == 0);
  REQUIRE(gzclose(file) == Z_OK);
  text.resize(static_cast<size_t>(length));
  return text;
}

TEST_CASE("text goes into the file as it is") {
  const ScratchFolder folder;
  const auto writer = open_writer(folder / "rows.csv");
  writer->write("a\n");
  writer->write("");
  writer->write("b\n");
  writer->close();
  CHECK(read_text(folder / "rows.csv") == "a\nb\n");
}

TEST_CASE("a name that ends in .gz makes a gzip file") {
  const ScratchFolder folder;
  const auto writer = open_writer(folder / "rows.gz");
  writer->write("a\n");
  writer->write("b\n");
  writer->close();
  CHECK(unzip(folder / "rows.gz") == "a\nb\n");
}

TEST_CASE("the folders of the file are made") {
  const ScratchFolder folder;
  open_writer(folder / "results/today/rows.csv")->close();
  CHECK(std::filesystem::exists(folder / "results/today/rows.csv"));
}

TEST_CASE("a file that is there is replaced") {
  const ScratchFolder folder;
  open_writer(folder / "rows.csv")->write("old and long\n");
  open_writer(folder / "rows.csv")->write("new\n");
  CHECK(read_text(folder / "rows.csv") == "new\n");
}

TEST_CASE("a file that can't be opened is an error before the start") {
  const ScratchFolder folder;
  open_writer(folder / "file")->close();
  CHECK_THROWS_AS(open_writer(folder / "file/rows.csv"), ConfigError);
  const std::string path = folder / "folder";
  std::filesystem::create_directory(path);
  const std::string message = "can't open " + path + " for writing: Is a directory";
  CHECK_THROWS_WITH_AS(open_writer(path), message.c_str(), ConfigError);
}

TEST_CASE("a full disk is an error that says so") {
  const auto plain = open_writer("/dev/full");
  CHECK_THROWS_WITH_AS(plain->write("a\n"), "can't write /dev/full: No space left on device",
                       std::runtime_error);
}

TEST_CASE("a full disk is noticed by a compressed file, at the latest when it is closed") {
  const ScratchFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "rows.gz");
  const auto writer = open_writer(folder / "rows.gz");
  const std::string message = "can't write " + (folder / "rows.gz") + ": No space left on device";
  writer->write("a\n");
  CHECK_THROWS_WITH_AS(writer->close(), message.c_str(), std::runtime_error);
}

TEST_CASE("a whole file is written at once, folders included, or an error names it") {
  const ScratchFolder folder;
  write_file(folder / "results/base.json", "{}");
  CHECK(read_text(folder / "results/base.json") == "{}");
  CHECK_THROWS_WITH_AS(write_file("/dev/full", "{}"),
                       "can't write /dev/full: No space left on device", std::runtime_error);
  CHECK_THROWS_AS(write_file("/dev/null/base.json", "{}"), ConfigError);
}

}  // namespace
}  // namespace perigee
