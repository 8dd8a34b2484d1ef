#include "cli/grpc/grpc_services.h"

#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

constexpr const char* kText = R"pb(syntax = "proto3"
                                   ;
package p;
enum Colour { RED = 0; }
message Cat { Colour colour = 1; }
service Zoo { rpc Put(Cat) returns (Cat); rpc Get(Cat) returns (stream Cat); }
service Ark { rpc Add(Cat) returns (Cat); }
)pb";

KnownServices zoo() {
  const ScratchFolder folder;
  std::ofstream(folder / "zoo.proto") << kText;
  GrpcLoad load;
  load.import_paths = {folder / ""};
  load.protos = {"zoo.proto"};
  return services_of_files(load);
}

template <typename Text>
std::string failure_of(Text text) {
  try {
    text();
  } catch (const GrpcFailure& failure) {
    return failure.what();
  }
  return "no failure";
}

}  // namespace

TEST_CASE("services and methods are listed in the order of their names") {
  CHECK(list_text(zoo(), "") == "p.Ark\np.Zoo\n");
  CHECK(list_text(zoo(), "p.Zoo") == "p.Zoo.Get\np.Zoo.Put\n");
  CHECK(failure_of([] { list_text(zoo(), "p.Zo"); }) ==
        "there is no service p.Zo (did you mean \"p.Zoo\"?)");
}

TEST_CASE("each kind of symbol is described as what it is") {
  const KnownServices services = zoo();
  CHECK(description_text(services, "p.Colour") ==
        "p.Colour is an enum:\nenum Colour {\n  RED = 0;\n}\n");
  CHECK(description_text(services, "p.Zoo/Get") ==
        "p.Zoo.Get is a method:\nrpc Get(.p.Cat) returns (stream .p.Cat);\n");
  CHECK(description_text(services, "p.Cat").starts_with("p.Cat is a message:\n"));
  CHECK(description_text(services, "p.Cat.colour").starts_with("p.Cat.colour is a field:\n"));
  CHECK(description_text(services, "p.RED").starts_with("p.RED is an enum value:\n"));
  CHECK(description_text(services, "").starts_with("p.Ark is a service:\n"));
  CHECK(failure_of([&] { description_text(services, "p.Cut"); }) ==
        "there is no symbol p.Cut (did you mean \"p.Cat\"?)");
}

TEST_CASE("files that can't be read are wrong flags") {
  GrpcLoad load;
  load.protos = {"nowhere.proto"};
  CHECK_THROWS_AS(services_of_files(load), ConfigError);
  const ScratchFolder folder;
  std::ofstream(folder / "bad.protoset") << "\xff";
  load = {};
  load.protoset = folder / "bad.protoset";
  CHECK_THROWS_AS(services_of_files(load), ConfigError);
}

}  // namespace perigee
