#include "cli/upload/command_upload.h"

#include <utility>

#include "cli/run_flags.h"
#include "cli/run_log.h"
#include "cli/upload/upload.h"

namespace perigee {

CommandUpload::CommandUpload(std::string uri)
    : uri_(std::move(uri)),
      environment_(process_environment()),
      log_(run_log_settings(RunFlags(), environment_)) {
  if (!uri_.empty()) check_upload_uri(uri_, "--upload", environment_, log_);
}

ExitCode CommandUpload::send(const std::string& file) {
  if (uri_.empty()) return ExitCode::kOk;
  const UploadJob job{.path = file, .uri = upload_uri(uri_, file)};
  return upload({&job, 1}, environment_, log_);
}

}  // namespace perigee
