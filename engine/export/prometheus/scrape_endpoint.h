// Shows a run's metrics to Prometheus: `--out prometheus=ADDRESS`.
#pragma once

#include <string>

#include "engine/base/log.h"
#include "engine/export/exporter.h"
#include "engine/http/server/server.h"

namespace perigee::exports {

// Lives as long as the program, so that the end of a run can be seen.
class ScrapeEndpoint final : public Exporter, private http::ServerHandler {
 public:
  // Listens at once. The book must outlive it. Throws std::runtime_error if it can't listen.
  ScrapeEndpoint(Loop& loop, const Address& address, ExportedRun run, const SampleBook& book,
                 Log& log);

  // Where it listens, with the real port.
  const Address& address() const { return server_.address(); }

  void update(const SampleBook& book, const ExportUpdate& update) override;

 private:
  http::Reply respond(http::ServerRequest& request, Instant at) override;

  const ExportedRun run_;
  const SampleBook& book_;
  ExportUpdate last_;
  http::Server server_;
};

}  // namespace perigee::exports
