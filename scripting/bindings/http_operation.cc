#include "scripting/bindings/http_operation.h"

namespace perigee {

void HttpOperation::start(http::Client& client, http::ConnectionPool& pool, LuaVu& vu,
                          const HttpCall& call, Wake wake) {
  client_ = &client;
  vu_ = &vu;
  wake_ = wake;
  method_ = call.method;
  // Mostly the same as last time, and counting references costs more than looking.
  if (url_ != call.request.url) url_ = call.request.url;
  context_ = vu.context();
  tags_ = call.tags;
  keep_body_ = call.keep_body;
  begin(call.keep_body);
  vu.add(*this);
  exchange_ = &client.start(pool, call.request, *this);
}

void HttpOperation::on_response(http::Response& response) {
  owner_.on_done(*this, response);
}

void HttpOperation::cancel() {
  owner_.on_cancelled(*this, client_->cancel(*exchange_));
}

}  // namespace perigee
