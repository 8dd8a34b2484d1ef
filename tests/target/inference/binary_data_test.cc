// Inferences over HTTP whose tensors lie in binary behind the JSON.
#include "target/inference/binary_data.h"

#include <cstring>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/target/target_fixture.h"

namespace perigee {
namespace {

using nlohmann::json;

// What iris takes: a flower whose class is 2.
std::string flower() {
  const float values[] = {1, 2, 3, 4};
  return {reinterpret_cast<const char*>(values), sizeof values};
}

std::string input(std::string_view name, std::string_view members) {
  return fmt::format(R"({{"name":"{}",{}}})", name, members);
}

std::string request(std::string_view inputs, std::string_view members = R"("id":"a")") {
  return fmt::format(R"({{{},"inputs":[{}]}})", members, inputs);
}

std::string header_of(const RawAnswer& answer, const std::string& name) {
  const auto found = answer.headers.find(name);
  return found == answer.headers.end() ? "" : found->second;
}

constexpr std::string_view kIris =
    R"("shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16})";

struct BinaryFixture : TargetFixture {
  RawAnswer infer(std::string_view model, const std::string& head, const std::string& bytes,
                  const std::string& length) {
    return client.post(fmt::format("/v2/models/{}/infer", model), head + bytes,
                       fmt::format("Inference-Header-Content-Length: {}\r\n", length));
  }
  RawAnswer infer(std::string_view model, const std::string& head, const std::string& bytes) {
    return infer(model, head, bytes, std::to_string(head.size()));
  }
  // What a request for iris is refused with.
  std::string refusal(const std::string& head, const std::string& bytes,
                      const std::string& length = "") {
    const RawAnswer answer =
        infer("iris", head, bytes, length.empty() ? std::to_string(head.size()) : length);
    CHECK(answer.status == 400);
    return json::parse(answer.body)["error"];
  }

  RawClient client{port()};
};

TEST_CASE_FIXTURE(BinaryFixture, "an input may lie in binary behind the JSON") {
  const RawAnswer answer = infer("iris", request(input("predict", kIris)), flower());
  CHECK(answer.status == 200);
  CHECK(header_of(answer, "content-type") == "application/json");
  CHECK(header_of(answer, "inference-header-content-length").empty());
  CHECK(json::parse(answer.body)["outputs"][0]["data"] == json{2});
}

TEST_CASE_FIXTURE(BinaryFixture, "inputs take their bytes in their order, beside others in JSON") {
  const std::string inputs = input("a", R"("shape":[2],"datatype":"FP16",)"
                                        R"("parameters":{"binary_data_size":4})") +
                             "," + input("b", R"("shape":[1],"datatype":"INT8","data":[7])") + "," +
                             input("c", R"("shape":[2],"datatype":"BYTES",)"
                                        R"("parameters":{"binary_data_size":10})");
  const std::string bytes("\0\x3c\0\xc0\2\0\0\0xy\0\0\0\0", 14);
  const json outputs = json::parse(infer("echo", request(inputs), bytes).body)["outputs"];
  CHECK(outputs[0]["data"] == json{1, -2});
  CHECK(outputs[1]["data"] == json{7});
  CHECK(outputs[2]["data"] == json{"xy", ""});
}

TEST_CASE_FIXTURE(BinaryFixture, "outputs are sent in binary where they are asked for so") {
  const std::string head =
      request(input("predict", kIris), R"("outputs":[{"name":"predict_proba"},{"name":"predict",)"
                                       R"("parameters":{"binary_data":true}}])");
  const RawAnswer answer = infer("iris", head, flower());
  CHECK(header_of(answer, "content-type") == "application/octet-stream");
  const size_t json_size = std::stoul(header_of(answer, "inference-header-content-length"));
  const json outputs = json::parse(answer.body.substr(0, json_size))["outputs"];
  CHECK(outputs[0]["data"].size() == 3);
  CHECK(outputs[1]["parameters"] == json{{"binary_data_size", 8}});
  CHECK_FALSE(outputs[1].contains("data"));
  CHECK(answer.body.substr(json_size) == std::string("\2\0\0\0\0\0\0\0", 8));
}

TEST_CASE_FIXTURE(BinaryFixture, "a request in JSON may ask for all outputs in binary") {
  const std::string head =
      request(input("predict", R"("shape":[1,4],"datatype":"FP32","data":[1,2,3,4])"),
              R"("parameters":{"binary_data_output":true})");
  const RawAnswer answer = client.post("/v2/models/iris/infer", head);
  const size_t json_size = std::stoul(header_of(answer, "inference-header-content-length"));
  CHECK(answer.body.size() == json_size + 8);
}

TEST_CASE_FIXTURE(BinaryFixture, "every datatype comes back in binary as it went") {
  for (const std::string_view name : datatype_names()) {
    CAPTURE(name);
    const bool is_text = name == "BYTES";
    const size_t size = is_text ? 5 : value_size(*parse_datatype(name));
    const std::string value = is_text ? std::string("\1\0\0\0z", 5) : std::string(size, '\1');
    const std::string members = fmt::format(
        R"("shape":[3,1],"datatype":"{}","parameters":{{"binary_data_size":{}}})", name, 3 * size);
    const RawAnswer answer =
        infer("echo", request(input("x", members), R"("parameters":{"binary_data_output":true})"),
              value + value + value);
    CHECK(answer.status == 200);
    CHECK(answer.body.ends_with("}" + value + value + value));
  }
}

TEST_CASE_FIXTURE(BinaryFixture, "a tensor of no values has no bytes") {
  const std::string members =
      R"("shape":[0,4],"datatype":"FP32","parameters":{"binary_data_size":0})";
  const RawAnswer answer = infer(
      "echo", request(input("x", members), R"("parameters":{"binary_data_output":true})"), "");
  CHECK(answer.status == 200);
  CHECK(header_of(answer, "inference-header-content-length") == std::to_string(answer.body.size()));
}

TEST_CASE_FIXTURE(BinaryFixture, "a body without any JSON is the model's only input") {
  const RawAnswer answer = infer("iris", "", flower());
  CHECK(answer.status == 200);
  CHECK(answer.body.ends_with(std::string("}\2\0\0\0\0\0\0\0", 9)));
}

TEST_CASE_FIXTURE(BinaryFixture, "a header that is no end of the JSON is refused") {
  const std::string head = request(input("predict", kIris));
  for (const char* length : {"x", "-1", "1.5", "0x10", "99999999999999999999"}) {
    CHECK(refusal(head, flower(), length) ==
          fmt::format("Inference-Header-Content-Length is \"{}\", not a number of bytes", length));
  }
  const size_t size = head.size() + 16;
  CHECK(refusal(head, flower(), std::to_string(size + 1)) ==
        fmt::format("Inference-Header-Content-Length is {}, but the body has {} bytes", size + 1,
                    size));
  CHECK(
      refusal(head, flower(), std::to_string(head.size() - 1)).starts_with("the body is not JSON"));
}

TEST_CASE_FIXTURE(BinaryFixture, "sizes that do not fit are refused with what is wrong") {
  const auto sized = [](std::string_view size) {
    return request(input("predict", fmt::format(R"("shape":[1,4],"datatype":"FP32",)"
                                                R"("parameters":{{"binary_data_size":{}}})",
                                                size)));
  };
  CHECK(
      refusal(sized("17"), flower()) ==
      "input \"predict\": \"binary_data_size\" is 17, but the body has only 16 bytes left for it");
  CHECK(refusal(sized("12"), flower()) ==
        "input \"predict\" has 12 bytes of binary data; its shape [1,4] of FP32 holds 16");
  CHECK(refusal(sized("16"), flower() + "more") ==
        "behind its JSON the body has 4 bytes more than the inputs' \"binary_data_size\" take");
  for (const char* size : {"-1", "1.5", "\"16\"", "null", "true"}) {
    CHECK(
        refusal(sized(size), flower()) ==
        fmt::format("input \"predict\": \"binary_data_size\" is {}, not a number of bytes", size));
  }
  CHECK(refusal(sized("18446744073709551615"), flower()).find("only 16 bytes left") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(BinaryFixture, "values both in JSON and in binary are refused") {
  const std::string members = std::string(kIris) + R"(,"data":[1,2,3,4])";
  CHECK(refusal(request(input("predict", members)), flower()) ==
        "input \"predict\" has both \"data\" and \"binary_data_size\"; send one");
}

TEST_CASE_FIXTURE(BinaryFixture, "binary data without the header is refused") {
  const RawAnswer answer = client.post("/v2/models/iris/infer", request(input("predict", kIris)));
  CHECK(answer.status == 400);
  CHECK(json::parse(answer.body)["error"].get<std::string>().starts_with(
      "input \"predict\" has a \"binary_data_size\", but the request has no "
      "Inference-Header-Content-Length"));
}

TEST_CASE_FIXTURE(BinaryFixture, "an input that is too short is told even where it has no name") {
  const std::string head =
      request(R"({"shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":5}})");
  const RawAnswer answer = infer("echo", head, std::string("\1\0\0\0a", 5));
  CHECK(json::parse(answer.body)["error"] ==
        "an input without a name: its binary data are not 2 texts with four bytes of length before "
        "each");
}

// Whatever comes is answered: with a result, or with what is wrong.
TEST_CASE_FIXTURE(BinaryFixture, "cut and damaged requests are refused, and the server goes on") {
  const std::string head = request(
      input("x", R"("shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":12})") + "," +
      input("y", R"("shape":[2],"datatype":"INT16","parameters":{"binary_data_size":4})"));
  const std::string whole = head + std::string("\2\0\0\0xy\2\0\0\0zz\1\0\2\0", 16);
  CHECK(infer("echo", head, whole.substr(head.size())).status == 200);
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string length = std::to_string(std::min(size, head.size()));
    CAPTURE(size);
    // Without JSON what is left is the text of a raw request.
    CHECK(infer("echo", whole.substr(0, size), "", length).status == (size == 0 ? 200 : 400));
  }
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = whole;
    for (size_t n = 1 + random() % 4; n > 0; --n)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    const RawAnswer answer = infer("echo", damaged, "", std::to_string(head.size()));
    const bool expected = answer.status == 200 || answer.status == 400;
    CHECK(expected);
  }
  CHECK(infer("echo", head, whole.substr(head.size())).status == 200);
}

}  // namespace
}  // namespace perigee
