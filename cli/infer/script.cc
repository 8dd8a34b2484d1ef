#include "cli/infer/script.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/load_script.h"
#include "cli/lua_text.h"

namespace perigee {
namespace {

constexpr LoadComments kComments{.user = "each makes one inference at a time",
                                 .request = "inference",
                                 .requests = "inferences",
                                 .connections = "clients"};

constexpr std::string_view kFunctions = R"lua(
-- Finds the server and reads what it says of the model, before the load.
function M.setup() return load:setup() end

-- One iteration: an inference with the next of the requests that were made.
function M.default(setup) load:infer(setup) end

function M.handleSummary(data) return load:summary(data) end

return M
)lua";

std::string listed(const Sizes& sizes) {
  return fmt::format("{{ {} }}", fmt::join(sizes, ", "));
}

// The path of a file among the certificates.
std::string certificate(const InferLoad& load, std::string_view name) {
  return lua_string(fmt::format("{}/{}", load.certificates, name));
}

// Those of HTTP are options of the run.
std::string tls_options(const InferLoad& load) {
  if (load.certificates.empty() || !load.rest_port) return "";
  return fmt::format("  tlsCACerts = {{ {} }},\n  tlsAuth = {{ {{ cert = {}, key = {} }} }},\n",
                     certificate(load, "server.pem"), certificate(load, "client.pem"),
                     certificate(load, "client.key"));
}

class SettingsWriter {
 public:
  explicit SettingsWriter(const InferLoad& load) : load_(load) {}

  std::string write() {
    write_server();
    write_data();
    for (const auto& [name, number] : load_.numbers)
      add(name, fmt::format("{}", number));
    if (!load_.quantiles.empty())
      add("quantiles", fmt::format("{{ {} }}", fmt::join(load_.quantiles, ", ")));
    add_text("id", load_.id);
    add_text("output", load_.output);
    if (load_.report_warmup) add("report_warmup", "true");
    if (load_.print_time) add("print_time", "true");
    if (load_.list) add("list", "true");
    return std::move(text_);
  }

 private:
  void add(std::string_view name, const std::string& value) {
    text_ += fmt::format("  {} = {},\n", name, value);
  }

  void add_text(std::string_view name, const std::string& value) {
    if (!value.empty()) add(name, lua_string(value));
  }

  void write_server() {
    add_text("api", load_.api);
    add_text("address", load_.address);
    if (load_.grpc_port) add("grpc_port", std::to_string(*load_.grpc_port));
    if (load_.rest_port) add("rest_port", std::to_string(*load_.rest_port));
    add_text("model", load_.model);
    add_text("version", load_.version);
    if (load_.certificates.empty()) return;
    add("tls",
        fmt::format("{{ cacerts = {}, cert = {}, key = {} }}", certificate(load_, "server.pem"),
                    certificate(load_, "client.pem"), certificate(load_, "client.key")));
  }

  void write_data() {
    if (!load_.batch_sizes.empty()) add("batch_sizes", listed(load_.batch_sizes));
    if (!load_.shape.empty()) add("shape", listed(load_.shape));
    std::vector<std::string> fields;
    for (const auto& [name, sizes] : load_.shapes)
      fields.push_back(fmt::format("{} = {}", lua_key(name), listed(sizes)));
    if (!fields.empty()) add("shapes", fmt::format("{{ {} }}", fmt::join(fields, ", ")));
    add_text("data", load_.data);
    fields.clear();
    for (const auto& [name, method] : load_.datas)
      fields.push_back(fmt::format("{} = {}", lua_key(name), lua_string(method)));
    if (!fields.empty()) add("data", fmt::format("{{ {} }}", fmt::join(fields, ", ")));
    write_inputs();
    if (load_.binary) add("binary", *load_.binary ? "true" : "false");
  }

  void write_inputs() {
    if (load_.inputs.empty()) return;
    text_ += "  inputs = {    -- which the server says nothing of\n";
    for (const InferInput& input : load_.inputs) {
      text_ += fmt::format("    {{ name = {}, datatype = {}, shape = {} }},\n",
                           lua_string(input.name), lua_string(input.datatype), listed(input.shape));
    }
    text_ += "  },\n";
  }

  const InferLoad& load_;
  std::string text_;
};

}  // namespace

std::string infer_script(const InferLoad& load) {
  std::string text =
      "-- Inferences of a model, by what its server says of it. Run: perigee run FILE.lua\n";
  text += "local inference = require \"perigee.inference\"\n\nlocal M = {}\n\n";
  // A server that is not there yet is waited for.
  text += fmt::format("M.options = {{\n{}{}  setupTimeout = \"1h\",\n}}\n\n",
                      load_options(load, kComments), tls_options(load));
  text += fmt::format("local load = inference.load{{\n{}}}\n", SettingsWriter(load).write());
  std::string functions(kFunctions);
  if (load.list) {
    functions.replace(functions.find("-- One iteration"),
                      functions.find("function M.handle") - functions.find("-- One iteration"),
                      "-- There is no load.\nfunction M.default() end\n\n");
  }
  return text + functions;
}

}  // namespace perigee
