#include "target/arrival_count.h"

#include <utility>

namespace perigee {

void ArrivalCount::arrived(RouteId route, Instant at) {
  if (!counts(route)) return;
  count_connection();
  stats_.arrived(route, at);
}

void ArrivalCount::malformed() {
  count_connection();
  stats_.malformed();
}

void ArrivalCount::count_connection() {
  if (!std::exchange(any_, true)) stats_.connection();
}

}  // namespace perigee
