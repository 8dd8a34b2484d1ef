// tensor.infer_request: the bodies and headers of inferences over HTTP.
#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// The body of a request with this content.
std::string body_of(const std::string& content) {
  return evaluate("(tensor.infer_request { " + content + " })");
}

std::string headers_of(const std::string& content) {
  return evaluate("json.encode((select(2, tensor.infer_request { " + content + " })))");
}

std::string error_of(const std::string& content) {
  const std::string text = body_of(content);
  const std::string before = "script.lua:5: tensor.infer_request: ";
  return text.starts_with(before) ? text.substr(before.size()) : text;
}

std::string input(const std::string& members) {
  return "inputs = { { " + members + " } }";
}

const std::string kFlower = "name = 'x', datatype = 'FP32', shape = { 1, 2 }";

}  // namespace

TEST_CASE("values go as JSON unless the script says otherwise") {
  CHECK(body_of(input(kFlower + ", data = { { 0.1, 2 } }")) ==
        R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.1,2]}]})");
  CHECK(headers_of(input(kFlower + ", data = { 1, 2 }")) ==
        R"({"Content-Type":"application/json"})");
}

TEST_CASE("numbers of JSON are as short as their datatype allows, with all their digits") {
  const auto data = [](const std::string& datatype, const std::string& values) {
    const std::string body =
        body_of(input("datatype = '" + datatype + "', shape = { 3 }, data = " + values));
    const size_t begin = body.find("\"data\":") + 7;
    return body.substr(begin, body.size() - begin - 3);
  };
  CHECK(data("FP32", "{ 0.1, 1e30, 0/0 }") == "[0.1,1e+30,null]");
  CHECK(data("FP16", "{ 0.1, 65504, -0.5 }") == "[0.1,65504,-0.5]");
  CHECK(data("FP64", "{ 0.1, 1/3, 5 }") == "[0.1,0.3333333333333333,5]");
  CHECK(data("INT64", "{ 9223372036854775807LL, -1, '12' }") == "[9223372036854775807,-1,12]");
  CHECK(data("BOOL", "{ true, 0, 1 }") == "[true,false,true]");
  CHECK(data("BYTES", R"({ 'a "b"', '', 'ä' })") == R"(["a \"b\"","","ä"])");
}

TEST_CASE("with binary all values stand behind the JSON, and outputs are asked for so") {
  const std::string two =
      "binary = true, id = '7', inputs = { { name = 'a', datatype = 'INT8', shape = { 2 }, "
      "data = { 1, 2 } }, { name = 'b', datatype = 'BYTES', shape = { 1 }, data = 'z' } }";
  const std::string json =
      R"({"id":"7","parameters":{"binary_data_output":true},"inputs":[)"
      R"({"name":"a","shape":[2],"datatype":"INT8","parameters":{"binary_data_size":2}},)"
      R"({"name":"b","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":5}}]})";
  CHECK(evaluate("encoding.hex_encode((tensor.infer_request { " + two + " }):sub(" +
                 std::to_string(json.size() + 1) + "))") == "0102010000007a");
  CHECK(evaluate("(tensor.infer_request { " + two + " }):sub(1, " + std::to_string(json.size()) +
                 ")") == json);
  CHECK(headers_of(two) ==
        R"({"Content-Type":"application/octet-stream","Inference-Header-Content-Length":")" +
            std::to_string(json.size()) + "\"}");
}

TEST_CASE("what was packed goes in binary, or as JSON where the script says so") {
  const std::string filled = kFlower + ", bytes = tensor.fill('FP32', { 1, 2 }, 0.5)";
  CHECK(
      body_of(input(filled))
          .starts_with(
              R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]})"));
  const std::string as_json =
      R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.5]}]})";
  CHECK(body_of(input(filled + ", binary = false")) == as_json);
  CHECK(body_of("binary = false, " + input(filled)) == as_json);
}

TEST_CASE("inputs may differ, and parameters are sent along") {
  const std::string body = body_of(
      "parameters = { content_type = 'pd' }, inputs = { { name = 'a', datatype = 'INT8', "
      "shape = { 1 }, data = 7, parameters = { k = 1 } }, { name = 'b', datatype = 'INT8', "
      "shape = { 1 }, data = 65, binary = true } }");
  CHECK(body ==
        R"({"parameters":{"content_type":"pd"},"inputs":[)"
        R"({"name":"a","shape":[1],"datatype":"INT8","parameters":{"k":1},"data":[7]},)"
        R"({"name":"b","shape":[1],"datatype":"INT8","parameters":{"binary_data_size":1}}]}A)");
}

TEST_CASE("outputs are named, in binary or not") {
  const std::string inputs = input("datatype = 'INT8', shape = { 1 }, data = 7");
  const auto outputs = [&](const std::string& list, const std::string& more = "") {
    const std::string body = body_of(more + inputs + ", outputs = " + list);
    return body.substr(body.find(R"("outputs")"));
  };
  CHECK(outputs("{ 'a', { name = 'b', binary = true } }") ==
        R"("outputs":[{"name":"a"},{"name":"b","parameters":{"binary_data":true}}]})");
  CHECK(outputs("{ 'a', { name = 'b', binary = false } }", "binary = true, ")
            .starts_with(R"("outputs":[{"name":"a","parameters":{"binary_data":true}},)"
                         R"({"name":"b","parameters":{"binary_data":false}}]})"));
  CHECK(outputs("{ { name = 'a', parameters = { classification = 3 } } }") ==
        R"("outputs":[{"name":"a","parameters":{"classification":3}}]})");
}

TEST_CASE("the script's own tables stay as they are") {
  CHECK(evaluate("(function() local p = { k = 1 } tensor.infer_request { binary = true, "
                 "parameters = p, inputs = { { datatype = 'INT8', shape = { 1 }, data = 1, "
                 "parameters = p } } } return json.encode(p) end)()") == R"({"k":1})");
}

TEST_CASE("what is wrong with a request is named by its place") {
  struct {
    std::string content, message;
  } cases[] = {
      {"",
       "inputs must be a list of tables like { name = \"x\", datatype = \"FP32\", shape = { 1, "
       "4 }, data = { 1, 2, 3, 4 } }"},
      {"input = {}",
       "request has no input (did you mean \"inputs\"?); there are id, parameters, "
       "inputs, outputs, binary"},
      {"id = 7, " + input(""), "id must be a string, got a number"},
      {"inputs = { [1] = { datatype = 'FP32', shape = { 1 }, data = 1 }, x = 7 }",
       "inputs must be a list without holes and names, like { input1, input2 }"},
      {"inputs = { [1] = { datatype = 'FP32', shape = { 1 }, data = 1 }, [3] = 7 }",
       "inputs must be a list without holes and names, like { input1, input2 }"},
      {"outputs = { name = 'y' }, " + input(kFlower + ", data = { 1, 2 }"),
       "outputs must be a list without holes and names, like { \"y\" }"},
      {"inputs = { 7 }", "inputs[1] must be a table, got a number"},
      {input("datatyp = 'FP32'"),
       "inputs[1] has no datatyp (did you mean \"datatype\"?); there are "
       "name, datatype, shape, data, bytes, binary, parameters"},
      {input("name = 'x'"), "inputs[1] has no datatype, like \"FP32\""},
      {input("datatype = 'FP32'"), "inputs[1] has no shape, like { 1, 4 }"},
      {input(kFlower), "inputs[1] has neither data nor bytes; give one"},
      {input(kFlower + ", data = { 1, 2 }, bytes = ''"),
       "inputs[1] has both data and bytes; give one"},
      {input(kFlower + ", data = { 1, 'x' }"),
       "inputs[1].data[2] must be a number in the range of FP32, got the string \"x\""},
      {input(kFlower + ", data = { 1 }"),
       "inputs[1].data has 1 value, but the shape [1,2] holds 2"},
      {input(kFlower + ", bytes = '1234'"),
       "inputs[1].bytes has 1 value, but the shape [1,2] holds 2"},
      {input(kFlower + ", bytes = '12345'"),
       "inputs[1].bytes has 5 bytes, which end within a value of FP32"},
      {input(kFlower + ", bytes = { 1, 2 }"), "inputs[1].bytes must be a string, got a table"},
      {input("datatype = 'BYTES', shape = { 2 }, data = { 'a', '\\255' }"),
       "inputs[1].data[2] is not UTF-8, which JSON needs; write binary = true"},
      {input(kFlower + ", data = { 1, 2 }") + ", outputs = { {} }", "outputs[1] has no name"},
      {input(kFlower + ", data = { 1, 2 }") + ", outputs = { { name = 'a', binari = true } }",
       "outputs[1] has no binari (did you mean \"binary\"?); there are name, binary, "
       "parameters"},
  };
  for (const auto& one : cases) {
    const std::string& content = one.content;
    CAPTURE(content);
    CHECK(error_of(content) == one.message);
  }
}

}  // namespace perigee
