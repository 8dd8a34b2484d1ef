#include "cli/grpc/grpc_words.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

GrpcFlags read(std::vector<std::string> words, const std::string& call = "",
               std::string* file = nullptr) {
  GrpcFlags flags;
  flags.load.single = true;
  flags.load.protos = {"a.proto"};
  read_grpc_words({"perigee grpc", std::move(words), call}, flags, file);
  return flags;
}

std::string error_of(const std::vector<std::string>& words, const std::string& call = "") {
  try {
    read(words, call);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a method is named by the word behind the address, or by --call") {
  for (const GrpcFlags& flags : {read({"h:1", "p.S/M"}), read({"h:1", "p.S.M"}),
                                 read({"h:1", "/p.S/M"}), read({"h:1"}, "p.S.M")}) {
    CHECK(flags.task == GrpcTask::kCall);
    CHECK(flags.load.address == "h:1");
    CHECK(flags.load.method == "p.S/M");
  }
  CHECK(error_of({"h:1", "M"}) == "the method must be like package.Service/Method, got \"M\"");
  CHECK(error_of({"h:1"}) ==
        "name a method: perigee grpc HOST:PORT package.Service/Method, or perigee grpc HOST:PORT "
        "list");
  CHECK(error_of({"h:1", "p.S/M", "x"}) == "\"x\" is too many; see perigee grpc --help");
}

TEST_CASE("list and describe stand behind an address or alone") {
  const GrpcFlags list = read({"h:1", "list", "p.S"});
  CHECK(list.task == GrpcTask::kList);
  CHECK(list.load.address == "h:1");
  CHECK(list.symbol == "p.S");
  const GrpcFlags describe = read({"describe", "p.M"});
  CHECK(describe.task == GrpcTask::kDescribe);
  CHECK(describe.load.address.empty());
  CHECK(describe.symbol == "p.M");
  CHECK(error_of({"list"}, "p.S/M") == "list: leave out --call");
}

TEST_CASE("the word behind a method is a file where one is to be written, and list is a method") {
  std::string file;
  const GrpcFlags flags = read({"h:1", "p.S/M", "x.lua"}, "", &file);
  CHECK(flags.load.method == "p.S/M");
  CHECK(file == "x.lua");
  CHECK_THROWS_AS(read({"h:1", "list"}, "", &file), ConfigError);
}

TEST_CASE("an address with a scheme is refused with the flag that says the same") {
  CHECK(error_of({"http://h:1/", "p.S/M"}) ==
        "the server is named by HOST:PORT: write --plaintext h:1 in the place of http://h:1/");
  CHECK(error_of({"https://h", "p.S/M"}) ==
        "the server is named by HOST:PORT: write h in the place of https://h");
  CHECK(read({"dns:///h:1", "p.S/M"}).load.address == "dns:///h:1");
}

}  // namespace perigee
