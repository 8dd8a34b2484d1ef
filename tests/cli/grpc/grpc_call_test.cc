#include "cli/grpc/grpc_call.h"

#include <fstream>

#include <doctest/doctest.h>

#include "engine/protobuf/wire_writer.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

constexpr const char* kText = R"pb(syntax = "proto3"
                                   ;
package p;
message Cat { int32 age = 1; }
service Zoo { rpc Put(Cat) returns (Cat); rpc Add(stream Cat) returns (Cat); rpc Get(Cat) returns (stream Cat); }
)pb";

struct Zoo {
  Zoo() {
    std::ofstream(folder / "zoo.proto") << kText;
    load.import_paths = {folder / ""};
    load.protos = {"zoo.proto"};
    load.method = "p.Zoo/Put";
    load.single = true;
    services = services_of_files(load);
  }

  GrpcCall call() const { return encode_call(load, *services.schema); }
  std::string failure() const {
    try {
      call();
    } catch (const GrpcFailure& failure) {
      return failure.what();
    }
    return "no failure";
  }

  const ScratchFolder folder;
  GrpcLoad load;
  KnownServices services;
};

using Messages = std::vector<std::string>;

}  // namespace

TEST_CASE("messages are encoded as the method takes them, and a missing one is empty") {
  Zoo zoo;
  CHECK(zoo.call().messages == Messages{""});
  zoo.load.messages = {R"({"age": 5})"};
  CHECK(zoo.call().messages == Messages{"\x08\x05"});
  CHECK(zoo.call().method.path == "/p.Zoo/Put");
  zoo.load.method = "p.Zoo/Add";
  zoo.load.messages = {"{}", R"({"age": 1})"};
  CHECK(zoo.call().messages == Messages{"", "\x08\x01"});
  zoo.load.messages.clear();
  CHECK(zoo.call().messages.empty());
}

TEST_CASE("several messages are a stream's, or those of a load to a unary method") {
  Zoo zoo;
  zoo.load.messages = {"{}", "{}"};
  CHECK(zoo.failure() == "p.Zoo/Put takes one message, and --data has 2");
  zoo.load.single = false;
  CHECK(zoo.failure() == "no failure");
  zoo.load.method = "p.Zoo/Get";
  CHECK(zoo.failure() == "p.Zoo/Get takes one message, and --data has 2");
}

TEST_CASE("a method or a message that is not right is told by its place") {
  Zoo zoo;
  zoo.load.messages = {R"({"agge": 5})"};
  CHECK(zoo.failure() ==
        "message of --data: there is no field \"agge\" in p.Cat (did you mean \"age\"?)");
  zoo.load.method = "p.Zoo/Add";
  zoo.load.messages = {"{}", R"({"age": "x"})"};
  CHECK(zoo.failure() == "message 2 of --data: age: expected int32, found \"x\"");
  zoo.load.method = "p.Zoo/Set";
  CHECK(zoo.failure().starts_with("service p.Zoo has no method Set"));
}

TEST_CASE("a protoset has the types of its files") {
  const Zoo zoo;
  std::string set;
  protobuf::WireWriter writer(set);
  for (const std::string& file : zoo.services.schema->file_by_name("zoo.proto"))
    writer.bytes_field(1, file);
  std::ofstream(zoo.folder / "zoo.protoset", std::ios::binary) << set;
  GrpcLoad load;
  load.protoset = zoo.folder / "zoo.protoset";
  CHECK(list_text(services_of_files(load), "p.Zoo") == "p.Zoo.Add\np.Zoo.Get\np.Zoo.Put\n");
}

}  // namespace perigee
