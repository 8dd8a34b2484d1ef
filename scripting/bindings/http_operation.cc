#include "scripting/bindings/http_operation.h"

namespace perigee {

void HttpOperation::start(http::Client& client, LuaVu& vu, HttpVu& http, const HttpCall& call,
                          Target target) {
  client_ = &client;
  vu_ = &vu;
  target_ = target;
  method_ = call.method;
  // Mostly the same as last time, and counting references costs more than looking.
  if (url_ != call.request.url) url_ = call.request.url;
  context_ = vu.context();
  tags_ = call.tags;
  expected_ = call.expected.value_or(http.expected);
  keep_body_ = call.keep_body;
  throws_ = call.throws;
  url_kept_ = call.url_kept;
  begin(call.keep_body);
  vu.add(*this);
  exchange_ = &client.start(http.pool(), call.request, *this);
}

void HttpOperation::on_response(http::Response& response) {
  owner_.on_done(*this, response);
}

void HttpOperation::cancel() {
  owner_.on_cancelled(*this, client_->cancel(*exchange_));
}

}  // namespace perigee
