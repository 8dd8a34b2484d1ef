#include "engine/export/opentelemetry/otlp.h"

#include <utility>

#include "engine/export/opentelemetry/otlp_message.h"

namespace perigee::exports {
namespace {

PushResult judge(const Push& /*push*/, PushResult result) {
  if (result.kind != PushResult::Kind::kAccepted) return result;
  OtlpRefusal refusal = read_otlp_response(result.body);
  result.samples_refused = refusal.points;
  result.reason = std::move(refusal.reason);
  return result;
}

}  // namespace

Otlp::Otlp(Loop& loop, std::unique_ptr<PushTransport> transport, OtlpSettings settings,
           std::string version, std::string name, Log& log)
    : settings_(std::move(settings)),
      interval_(settings_.interval),
      version_(std::move(version)),
      queue_(loop, std::move(transport), {.name = std::move(name)}, log) {
  queue_.judge_by(judge);
}

void Otlp::begin(const TimeOrigin& origin) {
  origin_ = origin;
  interval_.begin(origin.instant);
}

void Otlp::update(const SampleBook& book, const ExportUpdate& update) {
  if (interval_.update(update.moment.at)) push(book);
}

void Otlp::push(const SampleBook& book) {
  interval_.push();
  OtlpMessage message = otlp_message(book, settings_, version_, origin_.wall,
                                     origin_.wall_at(interval_.last_update()));
  Push push{.body = std::move(message.bytes), .samples = message.points};
  if (!settings_.grpc) push.headers = {{"Content-Type", "application/x-protobuf"}};
  queue_.add(std::move(push));
}

void Otlp::finish(const SampleBook& book, const std::function<void()>& done) {
  if (interval_.has_unpushed()) push(book);
  queue_.finish(done);
}

}  // namespace perigee::exports
