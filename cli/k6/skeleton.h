// perigee new --from k6: what of a k6 script can be taken over without a guess.
#pragma once

#include <string>
#include <string_view>

namespace perigee::k6 {

// A scenario with the options of the script, the modules that it imports and its exported
// functions. Their bodies are comments with the JavaScript; each function raises an error that says
// that it has not been ported, so that a run of the skeleton can't pass for one of the script.
// `name` is the script's file, for comments and messages.
std::string skeleton(std::string_view script, std::string_view name);

}  // namespace perigee::k6
