// As much of JavaScript's grammar as finds where a value, a block or a comment ends.
#pragma once

#include <cstddef>
#include <string_view>

namespace perigee::k6 {

// Behind white space and comments from `at` on.
size_t skip_blank(std::string_view text, size_t at);

// Behind the string, template or comment that begins at `at`; `at` itself if none does. One that
// never ends reaches to the end of the text.
size_t skip_quoted(std::string_view text, size_t at);

// Where the expression or block that begins at `at` ends: at a comma, a semicolon or a closing
// bracket of what is around it, or, after a block in braces, behind the brace. Regular expressions
// are not known: a bracket or quote in one is taken for what it looks like.
size_t end_of_expression(std::string_view text, size_t at);

// Behind the bracket that closes the one at `at`; the end of the text if none does.
size_t end_of_brackets(std::string_view text, size_t at);

}  // namespace perigee::k6
