#include "engine/grpc/response_fields.h"

namespace perigee::grpc {
namespace {

void keep_first(std::string_view& field, std::string_view value) {
  if (field.data() == nullptr) field = value;
}

void keep(ResponseFields& found, std::string_view name, std::string_view value) {
  if (name == "grpc-status") {
    if (!found.status) found.status = value;
  } else if (name == "content-type") {
    keep_first(found.content_type, value);
  } else if (name == "grpc-encoding") {
    keep_first(found.encoding, value);
  } else if (name == "grpc-message") {
    keep_first(found.message, value);
  } else if (name == "grpc-status-details-bin") {
    keep_first(found.details, value);
  }
}

}  // namespace

// HTTP/2 has neither names in upper case nor values with space around them, and `FieldBlock` has
// written the lines.
ResponseFields read_response_fields(std::string_view block) {
  ResponseFields found;
  while (!block.empty()) {
    const size_t colon = block.find(": ");
    const size_t end = block.find("\r\n", colon);
    if (end == std::string_view::npos) break;
    keep(found, block.substr(0, colon), block.substr(colon + 2, end - colon - 2));
    block.remove_prefix(end + 2);
  }
  return found;
}

}  // namespace perigee::grpc
