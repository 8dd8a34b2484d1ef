#include "cli/results/merge_command.h"

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/results/result_report.h"
#include "cli/upload/command_upload.h"
#include "engine/base/config_error.h"
#include "engine/results/playback.h"
#include "engine/results/results_recorder.h"

namespace perigee {
namespace {

// The flags as they are declared; must outlive the parsing.
struct MergeFlags {
  MergeFlags() : app("Merges result files (run --out results=FILE) into one.", "perigee merge") {
    app.add_option("FILE", files, "result files")->required();
    app.add_option("-o,--output", output, "the file to write")->required()->type_name("FILE");
    app.add_option("--upload", upload, "send the file to this folder, too: s3://bucket/path, ...")
        ->type_name("URI");
  }

  CLI::App app;
  std::vector<std::string> files;
  std::string output;
  std::string upload;
};

// The result would take the place of what it is made from.
void refuse_own_input(const MergeFlags& flags) {
  for (const std::string& file : flags.files) {
    std::error_code error;
    if (!std::filesystem::equivalent(file, flags.output, error) || error) continue;
    throw ConfigError(fmt::format("--output {}: this is one of the files to merge", flags.output));
  }
}

results::Header header_of(const results::Playback& playback) {
  results::Header header = playback.header();
  header.parts = playback.parts();
  header.workers = 0;
  for (const results::Header* part : playback.headers())
    header.workers += part->workers;
  if (playback.arrangement() == results::Arrangement::kSideBySide &&
      missing_parts(playback.headers()).empty()) {
    header.segment.clear();
  }
  return header;
}

std::string_view arrangement_text(size_t count, bool one_run) {
  if (count == 1) return one_run ? "part of a run" : "run";
  return one_run ? "parts of one run, side by side" : "runs, one after the other";
}

void report(const results::Playback& playback, const std::string& output) {
  const bool one_run = playback.arrangement() == results::Arrangement::kSideBySide;
  const size_t count = playback.headers().size();
  fmt::print(stderr, "{}: {} {}\n", output, count, arrangement_text(count, one_run));
  for (const std::string& warning : playback.warnings())
    fmt::print(stderr, "{}\n", warning);
  const std::string missing = one_run ? missing_parts(playback.headers()) : "";
  if (!missing.empty()) fmt::print(stderr, "{}\n", missing);
}

}  // namespace

int merge_command(int argc, const char* const* argv) {
  MergeFlags flags;
  if (!parse_command_line(flags.app, argc, argv)) return 0;
  refuse_own_input(flags);
  CommandUpload upload(flags.upload);
  MetricRegistry registry;
  results::Playback playback(flags.files, registry);
  results::ResultsRecorder merged(flags.output, registry);
  merged.set_header(header_of(playback));
  playback.play(merged);
  merged.end(playback.end());
  if (!merged.error().empty()) throw ConfigError(merged.error());
  report(playback, flags.output);
  return static_cast<int>(upload.send(flags.output));
}

std::vector<FlagDescription> merge_flags() {
  return describe_flags(MergeFlags().app);
}

}  // namespace perigee
