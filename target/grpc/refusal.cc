#include "target/grpc/refusal.h"

#include "target/bad_request.h"
#include "target/grpc/malformed_message.h"
#include "target/inference/sequence_refusal.h"
#include "target/scheduler/scheduler_refusal.h"

namespace perigee {

namespace {

grpc::Code code_of(SequenceFault fault) {
  switch (fault) {
    case SequenceFault::kUnknown:
      return grpc::Code::kNotFound;
    case SequenceFault::kExists:
      return grpc::Code::kAlreadyExists;
    case SequenceFault::kTooMany:
      return grpc::Code::kUnavailable;
  }
  return grpc::Code::kInternal;
}

}  // namespace

grpc::Status refusal_status() {
  try {
    throw;
  } catch (const CallRefusal& refusal) {
    return {refusal.code(), refusal.what()};
  } catch (const SequenceRefusal& refusal) {
    return {code_of(refusal.fault()), refusal.what()};
  } catch (const BadRequest& refusal) {
    return {grpc::Code::kInvalidArgument, refusal.what()};
  } catch (const SchedulerRefusal& refusal) {
    return {grpc::Code::kFailedPrecondition, refusal.what()};
  } catch (const MalformedMessage& fault) {
    return {grpc::Code::kInternal, fault.what()};
  }
}

}  // namespace perigee
