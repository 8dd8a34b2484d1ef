#include "cli/run_metadata.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

namespace fs = std::filesystem;

std::string time_text(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

std::string trimmed(std::string text) {
  text.erase(text.find_last_not_of(" \r\n\t") + 1);
  return text;
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return trimmed({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
}

// The texts of the files of a folder by their paths below it. Volumes of Kubernetes keep what they
// show in folders that begin with two dots, behind links.
void read_folder(const fs::path& folder, const std::string& prefix,
                 std::map<std::string, std::string>& texts) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("..")) continue;
    if (entry.is_directory(error)) read_folder(entry.path(), prefix + name + "/", texts);
    if (entry.is_regular_file(error)) texts[prefix + name] = read_file(entry.path());
  }
  if (error) {
    throw ConfigError(
        fmt::format("PERIGEE_METADATA_FOLDER: {}: {}", folder.string(), error.message()));
  }
}

// A text of several lines stands below its name.
std::string entry(const std::string& name, std::string text) {
  if (text.find('\n') == std::string::npos) return fmt::format("{}: {}\n", name, text);
  for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    text.insert(at + 1, "  ");
  return fmt::format("{}:\n  {}\n", name, text);
}

}  // namespace

RunMetadata::RunMetadata(std::string path, std::string arguments, const Environment& environment,
                         const Log& log)
    : path_(std::move(path)),
      arguments_(std::move(arguments)),
      folder_(find_variable(environment, "METADATA_FOLDER").value_or(Variable()).value),
      began_(std::time(nullptr)),
      log_(log) {}

std::string RunMetadata::text(std::optional<ExitCode> code) const {
  std::string text = entry("start", time_text(began_));
  if (code) {
    text += entry("end", time_text(std::time(nullptr)));
    text += entry("exit code", std::to_string(static_cast<int>(*code)));
  }
  text += entry("arguments", arguments_);
  std::map<std::string, std::string> texts;
  if (!folder_.empty()) read_folder(folder_, "", texts);
  for (const auto& [name, value] : texts)
    text += entry(name, value);
  return log_.redacted(text);
}

void RunMetadata::write(std::optional<ExitCode> code) const {
  if (path_.empty()) return;
  const std::string all = text(code);
  const fs::path folder = fs::path(path_).parent_path();
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  std::ofstream file(path_, std::ios::binary);
  if (!file.write(all.data(), static_cast<std::streamsize>(all.size())).flush()) {
    throw ConfigError(
        fmt::format("--metadata: {}: {}", path_, std::generic_category().message(errno)));
  }
}

}  // namespace perigee
