#include "engine/base/shown_number.h"

#include <cmath>

#include "engine/base/json_text.h"

namespace perigee {

std::string shown_number(double number) {
  // The C library has a sign for NaN, and no fixed spelling.
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  std::string text;
  append_json_number(text, number);
  return text;
}

}  // namespace perigee
