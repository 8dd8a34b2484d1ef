// Tells tests that they run under the thread sanitizer.
#pragma once

namespace perigee {

// It delivers a signal only when the thread makes a call that it intercepts, so code that loops
// without one can't be stopped by a signal there.
#ifdef __SANITIZE_THREAD__
inline constexpr bool kSignalsComeLate = true;
// A loop's turn takes so long there that a short deadline passes before what was sent in it leaves.
inline constexpr bool kTurnsAreLong = true;
#else
inline constexpr bool kSignalsComeLate = false;
inline constexpr bool kTurnsAreLong = false;
#endif

}  // namespace perigee
