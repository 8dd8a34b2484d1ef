#include "cli/upload/upload.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/run_session.h"
#include "cli/shell_words.h"
#include "engine/base/config_error.h"
#include "modules/storage/lua_sources.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr const char* kScriptName = "perigee upload";

// The script says all there is to say.
class SilentTeller final : public RunTeller {
 public:
  void begin(const Script& /*script*/, const RunPlan& /*plan*/) override {}
  std::FILE* progress() override { return nullptr; }
  ExitCode end(const EndedRun& /*run*/, const Summary& /*summary*/) override {
    return ExitCode::kOk;
  }
};

int run_jobs(std::span<const UploadJob> jobs, const Environment& environment, Log& log) {
  nlohmann::json list = nlohmann::json::array();
  for (const UploadJob& job : jobs)
    list.push_back({{"path", job.path}, {"uri", job.uri}});
  RunFlags flags;
  flags.stands_alone = true;
  flags.quiet = true;
  flags.workers = 1;
  Script script{.path = kScriptName,
                .source = std::string(storage_source("upload")),
                .folder = {},
                .env = {{"JOBS", list.dump()}}};
  SilentTeller teller;
  return run_session(std::move(flags), std::move(script), environment, log, teller);
}

// The message of an error without its place in a script that people have not written.
std::string without_place(std::string message) {
  message.erase(std::min(message.find("\nstack traceback:"), message.size()));
  const std::string place = fmt::format("{}:", kScriptName);
  if (!message.starts_with(place)) return message;
  const size_t end = message.find(": ", place.size());
  return end == std::string::npos ? message : message.substr(end + 2);
}

}  // namespace

void check_upload_uri(const std::string& uri, const std::string& set_by,
                      const Environment& environment, Log& log) {
  const UploadJob nothing{.path = {}, .uri = uri};
  try {
    run_jobs({&nothing, 1}, environment, log);
  } catch (const ScriptError& error) {
    throw ConfigError(fmt::format("{}: {}", set_by, without_place(error.what())));
  }
}

std::string upload_uri(const std::string& folder, const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(file).lexically_normal();
  const bool is_outside = path.is_absolute() || *path.begin() == "..";
  const std::string name = (is_outside ? path.filename() : path).string();
  return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

ExitCode upload(std::span<const UploadJob> jobs, const Environment& environment, Log& log) {
  ExitCode worst = ExitCode::kOk;
  // One by one: what is sent is sent, whatever becomes of the rest.
  for (const UploadJob& job : jobs) {
    const bool goes_on = worst != ExitCode::kExternalAbort;
    const int code = goes_on ? run_jobs({&job, 1}, environment, log) : 0;
    if (goes_on && code == 0) continue;
    if (goes_on) {
      const bool interrupted = code == static_cast<int>(ExitCode::kExternalAbort);
      worst = interrupted ? ExitCode::kExternalAbort : ExitCode::kUploadFailed;
    }
    log.error(fmt::format("{} is where it was; this sends it again: perigee upload {} {}", job.path,
                          shell_word(job.path), shell_word(job.uri)));
  }
  return worst;
}

}  // namespace perigee
