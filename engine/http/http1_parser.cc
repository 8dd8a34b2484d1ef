#include "engine/http/http1_parser.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <llhttp.h>

namespace perigee::http {
namespace {

constexpr const char* kInvalidStatus = "its status is not a number of three digits from 100 on";

// "HTTP/1.1 200 OK": llhttp takes less than three digits, too.
bool has_status(std::string_view line) {
  constexpr size_t kAt = std::string_view("HTTP/1.1 ").size();
  constexpr size_t kDigits = 3;
  const std::string_view status = line.substr(std::min(kAt, line.size()), kDigits);
  const bool digits =
      status.size() == kDigits &&
      std::all_of(status.begin(), status.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && status.front() != '0' &&
         (line.size() == kAt + kDigits || line[kAt + kDigits] == ' ');
}

}  // namespace

struct Http1Parser::Machine : llhttp_t {};

// llhttp is stopped after each head and each message, so that the raw header block can be cut out
// of the input instead of being put together from a callback per field.
struct Http1Parser::Callbacks {
  static Http1Parser& self(llhttp_t* parser) { return *static_cast<Http1Parser*>(parser->data); }

  static int headers_complete(llhttp_t* parser) {
    // An encoding other than chunks, "identity" for one, does not make a known length unknown.
    const bool sized = (parser->flags & (F_CHUNKED | F_CONTENT_LENGTH)) == F_CONTENT_LENGTH;
    if (sized) parser->flags &= static_cast<uint16_t>(~F_TRANSFER_ENCODING);
    if (self(parser).bodiless(parser->status_code)) parser->flags |= F_SKIPBODY;
    self(parser).paused_ = true;
    return HPE_PAUSED;
  }
  static int body(llhttp_t* parser, const char* at, size_t length) {
    self(parser).events_.on_body({at, length});
    return 0;
  }
  static int message_complete(llhttp_t* parser) {
    self(parser).paused_ = true;
    self(parser).ended_ = true;
    return HPE_PAUSED;
  }

  static const llhttp_settings_t* settings() {
    static const llhttp_settings_t kSettings = [] {
      llhttp_settings_t settings;
      llhttp_settings_init(&settings);
      settings.on_headers_complete = headers_complete;
      settings.on_body = body;
      settings.on_message_complete = message_complete;
      return settings;
    }();
    return &kSettings;
  }
};

Http1Parser::Http1Parser(Role role, Events& events, size_t max_head)
    : parser_(std::make_unique<Machine>()),
      events_(events),
      role_(role),
      max_head_(max_head),
      chunks_(max_head) {
  llhttp_init(parser_.get(), role == Role::kClient ? HTTP_RESPONSE : HTTP_REQUEST,
              Callbacks::settings());
  parser_->data = this;
  // Some servers send a length along with chunks, which then count (RFC 9112, 6.3); in a request it
  // is an attempt to have two servers disagree.
  if (role == Role::kClient) llhttp_set_lenient_chunked_length(parser_.get(), 1);
}

Http1Parser::~Http1Parser() = default;

// Whatever its length says, such a response ends with its head.
bool Http1Parser::bodiless(int status) {
  if (role_ == Role::kServer) return false;
  if (status / 100 == 1) return true;
  return std::exchange(no_body_, false) || status == 204 || status == 304;
}

size_t Http1Parser::feed(std::string_view bytes) {
  if (!error_.empty()) return 0;
  size_t taken = 0;
  begun_ = true;
  for (;;) {
    const std::string_view rest = bytes.substr(taken);
    if (phase_ == Phase::kChunks) return taken + take_chunks(rest);
    const llhttp_errno_t status = llhttp_execute(parser_.get(), rest.data(), rest.size());
    if (!std::exchange(paused_, false)) {
      if (status == HPE_OK) return taken + take_partial(rest);
      return fail(bytes, status == HPE_INVALID_STATUS ? kInvalidStatus
                                                      : llhttp_get_error_reason(parser_.get()));
    }
    const auto length = static_cast<size_t>(llhttp_get_error_pos(parser_.get()) - rest.data());
    llhttp_resume(parser_.get());
    if (std::exchange(ended_, false)) {
      // An interim response can't end the connection, nor can a request that offers another
      // protocol: whether that is spoken next, the response to it says.
      if (parser_->status_code / 100 == 1 || parser_->upgrade != 0) llhttp_reset(parser_.get());
      end_message();
      return taken + length;
    }
    taken += take_head(rest, length);
    if (!error_.empty()) return bytes.size();
  }
}

size_t Http1Parser::take_head(std::string_view bytes, size_t length) {
  phase_ = chunked() ? Phase::kChunks : Phase::kBody;
  if (head_.size() + length > max_head_) return fail(bytes, "the header block is too large");
  if (head_.empty()) {
    emit_head(bytes.substr(0, length));
  } else {
    head_.append(bytes.substr(0, length));
    emit_head(head_);
    head_.clear();
    head_.shrink_to_fit();
  }
  return length;
}

// llhttp is left where its body would begin.
bool Http1Parser::chunked() const {
  return (parser_->flags & F_CHUNKED) != 0 && (parser_->flags & F_SKIPBODY) == 0;
}

size_t Http1Parser::take_chunks(std::string_view bytes) {
  std::string_view rest = bytes;
  while (!rest.empty() && !chunks_.ended()) {
    const std::string_view piece = chunks_.next(rest);
    if (chunks_.error() != nullptr) return fail(bytes, chunks_.error());
    if (!piece.empty()) events_.on_body(piece);
  }
  if (!chunks_.ended()) return bytes.size();
  if (!chunks_.trailers().empty()) events_.on_trailers(chunks_.trailers());
  chunks_.begin();
  llhttp_reset(parser_.get());
  end_message();
  return bytes.size() - rest.size();
}

void Http1Parser::end_message() {
  phase_ = Phase::kHead;
  begun_ = false;
  events_.on_message_end();
}

size_t Http1Parser::take_partial(std::string_view bytes) {
  if (phase_ == Phase::kHead) {
    if (head_.size() + bytes.size() > max_head_)
      return fail(bytes, "the header block is too large");
    head_.append(bytes);
  }
  return bytes.size();
}

size_t Http1Parser::fail(std::string_view bytes, const char* reason) {
  error_ = reason != nullptr && *reason != '\0' ? reason : "not HTTP/1.1";
  return bytes.size();
}

void Http1Parser::emit_head(std::string_view text) {
  const size_t start = text.find_first_not_of("\r\n");
  text.remove_prefix(start == std::string_view::npos ? text.size() : start);
  const size_t line_end = text.find('\n');
  std::string_view line = text.substr(0, line_end);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  Http1Head head;
  head.fields = text.substr(line_end == std::string_view::npos ? text.size() : line_end + 1);
  while (head.fields.ends_with("\r\n\r\n"))
    head.fields.remove_suffix(2);
  if (head.fields == "\r\n") head.fields = {};
  head.minor_version = parser_->http_minor;
  head.keep_alive = llhttp_should_keep_alive(parser_.get()) != 0;
  head.chunked = (parser_->flags & F_CHUNKED) != 0;
  if ((parser_->flags & F_CONTENT_LENGTH) != 0) head.content_length = parser_->content_length;
  const size_t first = line.find(' ');
  if (role_ == Role::kClient) {
    if (!has_status(line)) {
      error_ = kInvalidStatus;
      return;
    }
    head.status = parser_->status_code;
    const size_t second = line.find(' ', first + 1);
    if (second != std::string_view::npos) head.reason = line.substr(second + 1);
  } else {
    head.method = line.substr(0, first);
    head.target = line.substr(first + 1, line.rfind(' ') - first - 1);
  }
  events_.on_head(head);
}

bool Http1Parser::finish() {
  if (!error_.empty()) return false;
  if (idle()) return true;
  if (phase_ == Phase::kChunks) return false;
  const llhttp_errno_t status = llhttp_finish(parser_.get());
  const bool whole = std::exchange(ended_, false) || status == HPE_OK;
  paused_ = false;
  if (!whole || phase_ != Phase::kBody) return false;
  end_message();
  return true;
}

}  // namespace perigee::http
