---@meta

-- What scripts do with texts. No argument is a pattern: `.`, `-` and `%` stand for themselves.

---@class perigee.text
local text = {}

---The parts between the separators; a text without one is the only part. An empty separator splits
---into bytes.
---@param s string
---@param separator string
---@return string[]
function text.split(s, separator) end

---Without white space at both ends.
---@param s string
---@return string
function text.trim(s) end

---@param s string
---@param prefix string
---@return boolean
function text.starts_with(s, prefix) end

---@param s string
---@param suffix string
---@return boolean
function text.ends_with(s, suffix) end

---@param s string
---@param part string
---@return boolean
function text.contains(s, part) end

---What stands between `left` and the next `right`, as `findBetween` of k6-utils.
---@param s string
---@param left string
---@param right string
---@return string? part nil where there is none
function text.between(s, left, right) end

---The same of every place.
---@param s string
---@param left string
---@param right string
---@return string[]
function text.all_between(s, left, right) end

---Replaces `&amp;`, `&apos;`, `&gt;`, `&lt;`, `&nbsp;`, `&quot;` and characters by number (`&#39;`,
---`&#x27;`); others stay as they are.
---@param s string
---@return string
function text.unescape_html(s) end

return text
