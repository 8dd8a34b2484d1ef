#include "cli/screen_size.h"

#include <sys/ioctl.h>

namespace perigee {

ScreenSize screen_size(std::FILE* out) {
  winsize size{};
  if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

}  // namespace perigee
