#include "scripting/bindings/http_vu.h"

#include <utility>

namespace perigee {

const HttpClient& HttpVu::make_client(HttpClients& clients, const HttpClientOptions& options) {
  auto own = std::make_unique<OwnClient>();
  ConfiguredClient& configured = clients.find(options);
  if (options.shared.empty()) {
    own->pool = std::make_unique<http::ConnectionPool>(traffic_, user_);
    own->client = {&configured, own->pool.get()};
  } else {
    own->shared = &clients.shared(configured);
    own->client = {&configured, &own->shared->pool};
  }
  if (!own_) own_ = std::make_unique<OwnClients>();
  own_->push_back(std::move(own));
  return own_->back()->client;
}

void HttpVu::on_iteration_end(LuaVu& vu) {
  if (options_.no_vu_connection_reuse) pool_.close_idle();
  if (own_) {
    for (const auto& own : *own_)
      end_of_iteration(*own, vu);
  }
  vu.add_traffic(traffic_.sent - told_.sent, traffic_.received - told_.received);
  told_ = traffic_;
  if (!options_.no_cookies_reset) jar.clear();
}

// What went over shared connections is told by whoever comes first.
void HttpVu::end_of_iteration(OwnClient& own, LuaVu& vu) const {
  if (own.pool && options_.no_vu_connection_reuse) own.pool->close_idle();
  if (own.shared == nullptr) return;
  const http::Traffic now = own.shared->traffic;
  const http::Traffic before = std::exchange(own.shared->told, now);
  vu.add_traffic(now.sent - before.sent, now.received - before.received);
}

HttpVus::HttpVus(ScriptHost& host, HttpClients& clients)
    : host_(host), clients_(clients), slot_(host.new_extension_slot()) {}

HttpVu& HttpVus::of(LuaVu& vu) {
  VuExtension* extension = vu.extension(slot_);
  if (extension == nullptr) {
    vu.set_extension(slot_,
                     std::make_unique<HttpVu>(vu.id(), host_.worker().options.http, clients_));
    extension = vu.extension(slot_);
  }
  return static_cast<HttpVu&>(*extension);
}

}  // namespace perigee
