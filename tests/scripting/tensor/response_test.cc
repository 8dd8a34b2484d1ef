// tensor.infer_response: what responses of HTTP and gRPC hold, whatever form their values have.
#include <string>

#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"
#include "tests/scripting/grpc/grpc_fixture.h"
#include "tests/scripting/http_fixture.h"

namespace perigee {
namespace {

const std::string kModules =
    "local tensor, json = require 'perigee.tensor', require 'perigee.json'";

// What is read in a response of HTTP, as JSON, or why it can't be.
std::string read(const std::string& answer_text) {
  RawServer server({answers({answer_text})});
  HttpScript script(server, R"lua(
    local response, problem = tensor.infer_response(http.get(url))
    error(response and json.encode(response) or problem, 0)
  )lua",
                    kModules);
  script.iterate();
  const std::string error = script.vu().error();
  return error.substr(0, error.find("\nstack traceback:"));
}

std::string binary(const std::string& outputs, const std::string& bytes) {
  const std::string json = R"({"model_name":"m","outputs":[)" + outputs + "]}";
  return answer("200 OK",
                "Inference-Header-Content-Length: " + std::to_string(json.size()) + "\r\n",
                json + bytes);
}

std::string of_message(const std::string& message) {
  return evaluate("(function() local r, e = tensor.infer_response(" + message +
                  ") return r and json.encode(r) or e end)()");
}

}  // namespace

TEST_CASE("outputs in JSON are lists of their datatype's values") {
  CHECK(
      read(ok(R"({"model_name":"m","model_version":"1","id":"a","outputs":[)"
              R"({"name":"y","datatype":"INT64","shape":[1,2],"data":[[9223372036854775807,-1]]},)"
              R"({"name":"z","datatype":"BOOL","shape":[2],"data":[true,0]}]})")) ==
      R"({"id":"a","model_name":"m","model_version":"1","outputs":[)"
      R"({"data":[9223372036854775807,-1],"datatype":"INT64","name":"y","shape":[1,2]},)"
      R"({"data":[true,false],"datatype":"BOOL","name":"z","shape":[2]}]})");
}

TEST_CASE("outputs in binary are the same lists") {
  const std::string outputs =
      R"({"name":"y","datatype":"INT16","shape":[2],"parameters":{"binary_data_size":4}},)"
      R"({"name":"x","datatype":"INT8","shape":[1],"data":[5]},)"
      R"({"name":"z","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":6}})";
  CHECK(
      read(binary(outputs, std::string("\1\0\xff\xff\2\0\0\0hi", 10))) ==
      R"({"model_name":"m","outputs":[)"
      R"({"data":[1,-1],"datatype":"INT16","name":"y","parameters":{"binary_data_size":4},"shape":[2]},)"
      R"({"data":[5],"datatype":"INT8","name":"x","shape":[1]},)"
      R"({"data":["hi"],"datatype":"BYTES","name":"z","parameters":{"binary_data_size":6},"shape":[1]}]})");
}

TEST_CASE("a response that has failed says why") {
  CHECK(read(answer("400 Bad Request", {}, R"({"error":"no such input"})")) ==
        "status 400: no such input");
  CHECK(read(answer("404 Not Found", {}, R"({"detail":"no such model"})")) ==
        "status 404: no such model");
  CHECK(read(answer("503 Busy", {}, "come back later")) == "status 503: come back later");
  RawServer closed({{RawServer::request()}});
  HttpScript script(closed, R"lua(
    local res = http.get(url)
    local response, problem = tensor.infer_response(res)
    assert(response == nil and problem == res.error and #problem > 0, problem)
  )lua",
                    kModules);
  script.iterate();
  CHECK(script.vu().error().empty());
}

TEST_CASE("a response that can't be read says why") {
  CHECK(read(ok("x")).starts_with("not JSON"));
  CHECK(read(ok("7")) == "the response is no JSON object");
  CHECK(read(ok("{}")) == "the response has no outputs");
  CHECK(read(ok(R"({"outputs":[{"name":"y"}]})")) == "output 1 has no datatype and shape");
  CHECK(read(ok(R"({"outputs":[{"name":"y","datatype":"INT8","shape":[1]}]})")) ==
        "output \"y\": it has no data");
  CHECK(read(ok(R"({"outputs":[{"name":"y","datatype":"INT8","shape":[2],"data":[1]}]})")) ==
        "output \"y\": data has 1 value, but the shape [2] holds 2");
  CHECK(read(ok(R"({"outputs":[{"datatype":"INT8","shape":[1],"data":["x"]}]})")) ==
        "output 1: data[1] must be a whole number from -128 to 127 (INT8), got the string \"x\"");
  CHECK(read(ok(R"({"outputs":[{"datatype":"INT9","shape":[1],"data":[1]}]})"))
            .starts_with("output 1: there is no datatype \"INT9\""));
}

TEST_CASE("binary values that are cut or left over are told") {
  const std::string output =
      R"({"name":"y","datatype":"INT16","shape":[2],"parameters":{"binary_data_size":4}})";
  CHECK(read(binary(output, "abc")) ==
        "output \"y\": binary_data_size is 4, but 3 bytes are left of the body");
  CHECK(read(binary(output, "abcdef")) == "the body has 2 bytes more than its outputs take");
  CHECK(read(answer("200 OK", "Inference-Header-Content-Length: 9\r\n", "{}")) ==
        "Inference-Header-Content-Length is 9, but the body has 2 bytes");
  CHECK(read(answer("200 OK", "Inference-Header-Content-Length: x\r\n", "{}")) ==
        "Inference-Header-Content-Length is x, but the body has 2 bytes");
}

TEST_CASE("messages of gRPC are read with typed and with raw contents") {
  const std::string expected =
      R"({"model_name":"m","outputs":[{"data":[1,-1],"datatype":"INT8","name":"y","shape":[2]}]})";
  CHECK(of_message("{ model_name = 'm', outputs = { { name = 'y', datatype = 'INT8', shape = { 2 },"
                   " contents = { int_contents = { 1, -1 } } } } }") == expected);
  CHECK(of_message("{ model_name = 'm', outputs = { { name = 'y', datatype = 'INT8', shape = { 2 }"
                   " } }, raw_output_contents = { '\\1\\255' } }") == expected);
  CHECK(of_message("{ infer_response = { model_name = 'm', outputs = { { name = 'y', datatype = "
                   "'INT8', shape = { 2 } } }, raw_output_contents = { '\\1\\255' } } }") ==
        expected);
  CHECK(of_message("{ error_message = 'no such model' }") == "no such model");
  CHECK(of_message("{ outputs = { { name = 'a', datatype = 'INT8', shape = { 1 } }, { name = 'y', "
                   "datatype = 'INT8', shape = { 1 } } }, raw_output_contents = { '\\1' } }") ==
        "output \"y\": it has no raw_output_contents");
}

TEST_CASE("outputs are found by place and by name, and only places are counted") {
  const std::string list =
      "tensor.infer_response { outputs = { { name = 'y', datatype = 'INT8', shape = { 1 } } }, "
      "raw_output_contents = { '\\7' } }.outputs";
  CHECK(evaluate(list + ".y.data[1]") == "7");
  CHECK(evaluate(list + "[1].name") == "y");
  CHECK(evaluate(list + ".z") == "nil");
  CHECK(evaluate("#" + list) == "1");
}

TEST_CASE("what is no response at all is an error of the script") {
  CHECK(evaluate("tensor.infer_response({})") ==
        "script.lua:5: tensor.infer_response: res must be a response of http or grpc, got another "
        "table");
}

TEST_CASE("the target is asked over HTTP and gRPC, in JSON and in binary, with one result") {
  GrpcScript test(R"lua(
    local datatypes = { BOOL = { true, false }, INT8 = { -128, 127 }, INT16 = { -32768, 32767 },
      INT32 = { -2147483648, 2147483647 }, INT64 = { -9223372036854775807LL, 5 },
      UINT8 = { 0, 255 }, UINT16 = { 0, 65535 }, UINT32 = { 0, 4294967295 },
      UINT64 = { 18446744073709551615ULL, 0 }, FP16 = { 0.5, -65504 }, BF16 = { 0.5, -256 },
      FP32 = { 0.5, -1e30 }, FP64 = { 0.1, -1e300 }, BYTES = { "a", "\195\164" } }
    for datatype, values in pairs(datatypes) do
      local wanted = tensor.pack(datatype, values)
      local function check(res)
        local output = assert(tensor.infer_response(res)).outputs.x
        assert(output.datatype == datatype and #output.data == 2, datatype)
        assert(tensor.pack(datatype, output.data) == wanted, datatype)
      end
      for _, sent in ipairs { true, false } do
        for _, asked in ipairs { true, false } do
          local body, headers = tensor.infer_request {
            inputs = { { name = "x", datatype = datatype, shape = { 2, 1 }, data = values,
              binary = sent } },
            outputs = { { name = "x", binary = asked } },
          }
          check(http.post("http://" .. address .. "/v2/models/echo/infer", body,
            { headers = headers }))
        end
      end
      check(client:invoke("inference.GRPCInferenceService/ModelInfer", {
        model_name = "echo", inputs = { { name = "x", datatype = datatype, shape = { 2, 1 } } },
        raw_input_contents = { wanted },
      }))
    end
    local typed = client:invoke("inference.GRPCInferenceService/ModelInfer", {
      model_name = "echo", inputs = { { name = "x", datatype = "INT64", shape = { 1 },
        contents = { int64_contents = { 9223372036854775807LL } } } },
    })
    assert(tostring(tensor.infer_response(typed).outputs.x.data[1]) == "9223372036854775807LL")
    local response, problem = tensor.infer_response(
      client:invoke("inference.GRPCInferenceService/ModelInfer", { model_name = "nobody" }))
    assert(response == nil and problem:find("^status 5: .*nobody"), problem)
  )lua",
                  kModules + " local http = require 'perigee.http'");
  test.run();
}

// Whatever a server sends is read or refused with a reason; nothing raises an error.
TEST_CASE("damaged responses are read or refused") {
  const std::string loop = R"lua((function()
    random.seed(1)
    local head = '{"model_name":"m","outputs":[{"name":"y","datatype":"BYTES","shape":[2],' ..
      '"parameters":{"binary_data_size":10}},{"name":"z","datatype":"INT8","shape":[1],' ..
      '"data":[5]}]}'
    local whole = head .. "\1\0\0\0a\1\0\0\0b"
    local function read(body, length)
      return tensor.infer_response { status = 200, proto = "HTTP/1.1", body = body,
        headers = { ["Inference-Header-Content-Length"] = tostring(length) } }
    end
    assert(read(whole, #head).outputs.y.data[2] == "b")
    for size = 0, #whole - 1 do
      local response, problem = read(whole:sub(1, size), math.min(size, #head))
      assert(response == nil and type(problem) == "string" and #problem > 0)
    end
    for _ = 1, 5000 do
      local body = whole
      for _ = 1, random.integer(1, 4) do
        local at = random.integer(1, #body)
        body = body:sub(1, at - 1) .. string.char(random.integer(0, 255)) .. body:sub(at + 1)
      end
      local response, problem = read(body, #head)
      assert(response or type(problem) == "string")
    end
    return "done"
  end)())lua";
  CHECK(evaluate(loop) == "done");
}

}  // namespace perigee
