#include "cli/config_file.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

using nlohmann::json;

// A folder of its own for as long as a test runs, with a file in it.
class Folder {
 public:
  Folder() : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(scratch_ / "");
  }
  ~Folder() { std::filesystem::current_path(before_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(name) << text;
  }

 private:
  ScratchFolder scratch_;
  std::filesystem::path before_;
};

json read(const std::string& name, const std::string& text) {
  const Folder folder;
  folder.write(name, text);
  return read_config_file(name).values;
}

std::string error_of(const std::string& name, const std::string& text) {
  try {
    read(name, text);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("k6's JSON options are taken as they are") {
  CHECK(
      read("options.json", R"({"vus": 5, "thresholds": {"checks": ["rate>0.9"]}, "tags": null})") ==
      json::parse(R"({"vus": 5, "thresholds": {"checks": ["rate>0.9"]}, "tags": null})"));
}

TEST_CASE("YAML says the same") {
  CHECK(read("options.yaml", R"(
vus: 5
duration: 1m30s
thresholds:
  checks: ["rate>0.9"]
  "http_req_duration{scenario:a}": [p(95)<200, {threshold: max<1000, abortOnFail: true}]
tags: {build: "42", nightly: true, none: ~}
scenarios:
  a:
    executor: constant-arrival-rate
    rate: 2.5
    startTime: 500
)") == json::parse(R"({
    "vus": 5, "duration": "1m30s",
    "thresholds": {"checks": ["rate>0.9"],
                   "http_req_duration{scenario:a}": ["p(95)<200", {"threshold": "max<1000",
                                                                   "abortOnFail": true}]},
    "tags": {"build": "42", "nightly": true, "none": null},
    "scenarios": {"a": {"executor": "constant-arrival-rate", "rate": 2.5, "startTime": 500}}})"));
  CHECK(read("options.yml", "") == json::object());
}

TEST_CASE("words of YAML that only look like numbers or switches stay words") {
  CHECK(read("a.yaml", "a: yes\nb: on\nc: inf\nd: 1.2.3\ne: '5'\n") ==
        json{{"a", "yes"}, {"b", "on"}, {"c", "inf"}, {"d", "1.2.3"}, {"e", "5"}});
}

TEST_CASE("without a name, perigee.yaml or perigee.json of the folder is read") {
  const Folder folder;
  CHECK(read_config_file("").values == json::object());
  folder.write("perigee.json", R"({"vus": 2})");
  CHECK(read_config_file("").values == json{{"vus", 2}});
  folder.write("perigee.yaml", "vus: 3");
  CHECK_THROWS_WITH_AS(
      read_config_file(""),
      "perigee.yaml and perigee.json are both in this folder; keep one of them, or name it with "
      "--config",
      ConfigError);
  CHECK(read_config_file("perigee.json").values == json{{"vus", 2}});
}

TEST_CASE("a file's keys are called by the file") {
  const Folder folder;
  folder.write("load.yaml", "vus: 3");
  CHECK(read_config_file("load.yaml").names.find("vus")->second == "load.yaml: vus");
}

TEST_CASE("a file that is malformed is named with the place") {
  CHECK(error_of("a.json", "[1]") == "a.json: must be a table of named values, got [1]");
  CHECK(
      error_of("a.json", "{\n\"vus\": }") ==
      "a.json: parse error at line 2, column 8 (byte 10): unexpected '}'; expected '[', '{', or a "
      "literal; near: {\\n\"vus\": }");
  CHECK(error_of("a.json", std::string("{} \0", 4)).find("(byte 4): a NUL byte") !=
        std::string::npos);
  CHECK(error_of("a.json", R"({"vus": 1, "tags": {"vus": 1}, "vus": 2})") ==
        "a.json: \"vus\" is there twice");
  CHECK(error_of("a.yaml", "vus: 1\nduration: 1s\nvus: 2") ==
        "a.yaml: line 3: the key \"vus\" is there twice");
  CHECK(error_of("a.yaml", "vus: [1").starts_with("a.yaml: line 1: "));
  CHECK(error_of("a.yaml", "[a]: 1") == "a.yaml: line 1: a key must be a scalar");
  CHECK(error_of("a.yaml", "- 5") == "a.yaml: must be a table of named values, got [5]");
  CHECK(error_of("a.yaml", "vus: 1\n---\nvus: 2") == "a.yaml: holds more than one document");
}

TEST_CASE("a file that can't be read is named with the reason") {
  CHECK_THROWS_WITH_AS(read_config_file("/nowhere/options.json"),
                       "cannot read /nowhere/options.json: No such file or directory", ConfigError);
}

}  // namespace perigee
