#include "cli/results/written_report.h"

#include <stdexcept>

#include <fmt/format.h>

#include "cli/standard_output.h"
#include "engine/base/config_error.h"
#include "engine/output/file_writer.h"

namespace perigee {

ExitCode write_report(const std::string& path, std::string_view text) {
  if (path == "-") return exit_code_of_write(write_standard_output(text));
  try {
    write_file(path, text);
    return ExitCode::kOk;
  } catch (const ConfigError&) {
    throw;
  } catch (const std::runtime_error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return ExitCode::kUnclassified;
  }
}

}  // namespace perigee
