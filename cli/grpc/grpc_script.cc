#include "cli/grpc/grpc_script.h"

#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/load_script.h"
#include "cli/lua_text.h"
#include "engine/base/duration.h"

namespace perigee {
namespace {

constexpr LoadComments kComments{.user = "each makes one call at a time",
                                 .request = "call",
                                 .requests = "calls",
                                 .connections = "callers"};

// What is done with messages that come, in each of the two places.
constexpr std::string_view kShow = R"lua(-- Shows a message, or how the call has failed.
local function show(message) print(client:to_json(method, message)) end

local function check(call)
  if call.status == grpc.StatusOK then return end
  console.error("the call has failed with code " .. call.error.code .. ": " .. call.error.message)
  execution.test.fail()
end

)lua";

constexpr std::string_view kCount = R"lua(-- Counts failures by what is said of them.
local failures = metrics.counter("grpc_failures")
local function check(call)
  if call.status == grpc.StatusOK then return end
  failures:add(1, { error = call.error.message, error_code = tostring(call.error.code) })
end

)lua";

class ScriptWriter {
 public:
  explicit ScriptWriter(const GrpcLoad& load) : load_(load) {}

  std::string write() {
    line("-- One call, made {}. Run: perigee run FILE.lua",
         load_.single ? "once" : "again and again");
    if (load_.single) line("local execution = require \"perigee.execution\"");
    line("local grpc = require \"perigee.grpc\"{}\n",
         load_.single ? "" : "\nlocal metrics = require \"perigee.metrics\"");
    line("local M = {{}}\n");
    const std::string user_agent =
        load_.user_agent.empty() ? ""
                                 : fmt::format("  userAgent = {},\n", lua_string(load_.user_agent));
    line("M.options = {{\n{}{}}}\n", load_options(load_, kComments), user_agent);
    write_client();
    write_connection();
    write_call();
    text_ += load_.single ? kShow : kCount;
    write_functions();
    return std::move(text_);
  }

 private:
  template <typename... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + '\n';
  }

  static std::string listed(const std::vector<std::string>& texts) {
    std::vector<std::string> quoted;
    for (const std::string& text : texts)
      quoted.push_back(lua_string(text));
    return fmt::format("{}", fmt::join(quoted, ", "));
  }

  void write_client() {
    if (load_.shared_connections) {
      line("-- Connections that all virtual users share.");
      line("local client = grpc.client{{ shared = \"all\", connections = {} }}",
           *load_.shared_connections);
    } else {
      line("-- Each virtual user has a connection of its own.");
      line("local client = grpc.client()");
    }
    if (!load_.protos.empty())
      line("client:load({{ {} }}, {})", listed(load_.import_paths), listed(load_.protos));
    if (!load_.protoset.empty()) line("client:load_protoset({})", lua_string(load_.protoset));
  }

  std::vector<std::string> tls_fields() const {
    const GrpcAccess& access = load_.access;
    std::vector<std::string> fields;
    const auto add = [&](const char* key, const std::string& value) {
      if (!value.empty()) fields.push_back(fmt::format("{} = {}", key, lua_string(value)));
    };
    add("cacerts", access.authorities);
    add("cert", access.certificate);
    add("key", access.key);
    add("serverName", access.server_name);
    if (access.skips_verification) fields.emplace_back("insecureSkipTLSVerify = true");
    return fields;
  }

  void write_connection() {
    const GrpcAccess& access = load_.access;
    line("\nlocal address = {}", lua_string(load_.address));
    line("local connection = {{");
    if (access.plaintext) line("  plaintext = true,    -- no TLS");
    if (load_.reflects()) line("  reflect = true,      -- the server is asked for its services");
    if (load_.reflects() && !load_.metadata.empty())
      line("  reflectMetadata = {{ {} }},", metadata());
    if (const auto tls = tls_fields(); !tls.empty())
      line("  tls = {{ {} }},", fmt::join(tls, ", "));
    if (!access.authority.empty()) line("  authority = {},", lua_string(access.authority));
    if (access.timeout) line("  timeout = \"{}\",", format_duration(*access.timeout));
    line("}}");
  }

  // Values of one name are a list.
  std::string metadata() const {
    std::map<std::string, std::vector<std::string>> by_name;
    for (const auto& [name, value] : load_.metadata)
      by_name[name].push_back(value);
    std::vector<std::string> fields;
    for (const auto& [name, values] : by_name)
      fields.push_back(fmt::format("{} = {{ {} }}", lua_key(name), listed(values)));
    return fmt::format("{}", fmt::join(fields, ", "));
  }

  void write_call() {
    line("local method = {}", lua_string(load_.method));
    line("local messages = {{    -- in protobuf's JSON{}",
         load_.messages.size() > 1 ? "; a unary method gets one after the other" : "");
    for (const std::string& message : load_.messages)
      line("  {},", lua_string(message));
    line("}}");
    line("local params = {{");
    if (!load_.metadata.empty()) line("  metadata = {{ {} }},", metadata());
    if (load_.timeout) line("  timeout = \"{}\",", format_duration(*load_.timeout));
    if (load_.compressed) line("  compression = \"gzip\",");
    line("}}\n");
  }

  void write_functions();

  const GrpcLoad& load_;
  std::string text_;
};

void ScriptWriter::write_functions() {
  text_ += R"lua(-- Each message as it goes over the wire; an error if it is none of the method.
local encoded
local function encode()
  encoded = {}
  for i, text in ipairs(messages) do encoded[i] = client:encode_json(method, text) end
end

-- A server or a method that is not there ends the run before the load.
function M.setup()
  client:connect(address, connection)
  encode()
end

-- During the load the first call connects, so that a server that has gone is a call that fails.
local function prepare()
  connection.lazy = true
  client:connect(address, connection)
  encode()
end

-- Whether the method takes or sends a stream is in its types, which a call finds out.
local is_unary = false
local function open_stream()
  if is_unary then return nil end
  local is_stream, stream = pcall(client.stream, client, method, params)
  if is_stream then return stream end
  is_unary = tostring(stream):find("is unary", 1, true) ~= nil
  if not is_unary then error(stream, 0) end
end

)lua";
  const bool takes_turns = load_.messages.size() > 1;
  if (takes_turns) text_ += "local turn = 0\n";
  text_ += "-- One iteration: a virtual user makes the call and waits for its end.\n";
  text_ += "function M.default()\n  if not encoded then prepare() end\n";
  text_ += "  local stream = open_stream()\n  if not stream then\n";
  if (takes_turns) text_ += "    turn = turn % #encoded + 1\n";
  line("    local response = client:invoke(method, encoded[{}] or {{}}, params)",
       takes_turns ? "turn" : "1");
  if (load_.single) text_ += "    if response.message then show(response.message) end\n";
  text_ += "    return check(response)\n";
  text_ += "  end\n";
  text_ += R"lua(  for _, message in ipairs(encoded) do stream:send(message) end
  stream:close_send()
)lua";
  text_ += load_.single ? "  for message in stream:messages() do show(message) end\n"
                        : "  for _ in stream:messages() do end\n";
  text_ += "  check(stream)\nend\n\nreturn M\n";
}

}  // namespace

std::string grpc_script(const GrpcLoad& load) {
  return ScriptWriter(load).write();
}

}  // namespace perigee
