// The program's exit codes: k6's.
#pragma once

#include "engine/execution/run.h"

namespace perigee {

enum class ExitCode : int {
  kOk = 0,
  kThresholdsFailed = 99,
  kSetupTimeout = 100,
  kTeardownTimeout = 101,
  kInvalidConfig = 104,
  kExternalAbort = 105,
  kScriptFailed = 107,
  kScriptAborted = 108,
  kCrashed = 109,  // a bug of perigee
  kMarkedFailed = 110,
  kUploadFailed = 111,  // --upload of a run that was all right otherwise
  kOutputClosed = 141,  // nobody read stdout to its end; what a shell shows for SIGPIPE
  kUnclassified = 255,  // an output could not be written
};

inline ExitCode exit_code_of(RunEnd end) {
  switch (end) {
    case RunEnd::kComplete:
      return ExitCode::kOk;
    case RunEnd::kInitFailed:
    case RunEnd::kSetupFailed:
    case RunEnd::kTeardownFailed:
      return ExitCode::kScriptFailed;
    case RunEnd::kSetupTimeout:
      return ExitCode::kSetupTimeout;
    case RunEnd::kTeardownTimeout:
      return ExitCode::kTeardownTimeout;
    case RunEnd::kThresholdAbort:
      return ExitCode::kThresholdsFailed;
    case RunEnd::kScriptAbort:
      return ExitCode::kScriptAborted;
    case RunEnd::kSignal:
      return ExitCode::kExternalAbort;
  }
  return ExitCode::kUnclassified;
}

}  // namespace perigee
