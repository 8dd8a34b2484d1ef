// Server-sent events from bytes, by the rules of the HTML standard.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/http/line_splitter.h"

namespace perigee::http {

struct ServerSentEvent {
  std::string type;               // the field `event`; "message" where the server gives none
  std::string data;               // lines joined by LF; bytes as they came, valid UTF-8 or not
  std::string id;                 // the last id that was given
  std::optional<uint64_t> retry;  // ms; told with the first event that follows the field
};

// The same bytes give the same events, however they are cut.
class EventParser {
 public:
  explicit EventParser(size_t longest = limits::kStreamItem) : lines_(longest), longest_(longest) {}

  // Takes bytes off the front of `bytes`, up to the end of an event at most. True if that completed
  // one, which is `event` until the next call. An event that the end of the stream cuts off is
  // none.
  bool take(std::string_view& bytes);
  const ServerSentEvent& event() const { return event_; }

  // The line or the data at hand are longer than is allowed; nothing more must be taken.
  bool too_long() const { return too_long_ || lines_.too_long(); }

  // As after construction; keeps the memory, unless it is a lot.
  void reset();

 private:
  void begin_event();
  // True if the line, a blank one, completes an event.
  bool read_line(std::string_view line);
  void read_field(std::string_view name, std::string_view value);

  LineSplitter lines_;
  ServerSentEvent event_;
  size_t longest_;
  bool told_ = false;      // `event_` has been handed out
  bool has_data_ = false;  // ... of the event at hand
  bool started_ = false;   // the first line is over
  bool too_long_ = false;
};

}  // namespace perigee::http
