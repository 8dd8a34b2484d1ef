#include "engine/export/prometheus/scrape_endpoint.h"

#include <array>
#include <utility>

#include "engine/export/prometheus/scrape_format.h"
#include "engine/http/content_coding.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kPath = "/metrics";
// Scrapers have a connection each, and send nothing but heads.
constexpr http::ServerLimits kServerLimits{.body = 1024, .connections = 100};

http::Reply moved() {
  http::Reply reply = http::plain_reply(302, "The metrics are at /metrics.");
  reply.fields = "Location: /metrics\r\n";
  return reply;
}

http::Reply wrong_method() {
  http::Reply reply = http::plain_reply(405, "Metrics can only be read: GET /metrics.");
  reply.fields = "Allow: GET, HEAD\r\n";
  return reply;
}

}  // namespace

ScrapeEndpoint::ScrapeEndpoint(Loop& loop, const Address& address, ExportedRun run,
                               const SampleBook& book, Log& log)
    : run_(std::move(run)),
      book_(book),
      server_(loop, {.address = address, .limits = kServerLimits}, *this, log) {
  last_.moment.loading = false;
}

void ScrapeEndpoint::update(const SampleBook& /*book*/, const ExportUpdate& update) {
  last_.moment = update.moment;
  last_.thresholds = update.thresholds;
}

http::Reply ScrapeEndpoint::respond(http::ServerRequest& request, Instant /*at*/) {
  if (request.path() == "/") return moved();
  if (request.path() != kPath) {
    return http::plain_reply(404, "There is nothing here; the metrics are at /metrics.");
  }
  if (request.method() != "GET" && !request.head_only()) return wrong_method();
  const ScrapeFormat format = choose_format(request.field_list("accept"));
  http::Reply reply;
  reply.content_type = content_type_of(format);
  reply.text = write_page(format, families_of(run_, book_, last_));
  reply.fields = "Vary: Accept, Accept-Encoding\r\n";
  if (accepts_gzip(request.field_list("accept-encoding"))) {
    constexpr std::array kCodings{http::ContentCoding::kGzip};
    reply.text = http::encode_body(kCodings, reply.text);
    reply.fields += "Content-Encoding: gzip\r\n";
  }
  return reply;
}

}  // namespace perigee::exports
