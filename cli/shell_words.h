// Words of a command line as shells read them.
#pragma once

#include <string>

namespace perigee {

// A word in quotes where it needs some.
std::string shell_word(const std::string& word);

// All words with blanks between them.
std::string shell_line(int argc, const char* const* argv);

}  // namespace perigee
