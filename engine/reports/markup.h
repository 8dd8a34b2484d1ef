// Text as HTML and XML can hold it, whatever bytes scripts and servers have put into it.
#pragma once

#include <string>
#include <string_view>

namespace perigee::reports {

// Escapes what markup gives a meaning to, in text and in quoted attributes. U+FFFD stands for bytes
// that are not UTF-8, and for control characters, which XML forbids.
std::string escape_markup(std::string_view text);

// The text as UTF-8 without control characters except tabs and line breaks.
std::string printable(std::string_view text);

}  // namespace perigee::reports
