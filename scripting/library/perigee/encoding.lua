---@meta

-- Base64 and hexadecimal.

---@class perigee.encoding
local encoding = {}

---How Base64 is spelt: with `+` and `/` (`std`) or `-` and `_` (`url`), filled up with `=` or not
---(`raw`).
---@alias perigee.Base64 "std"|"rawstd"|"url"|"rawurl"

---@param data string
---@param spelling? perigee.Base64 default `std`
---@return string text
function encoding.b64encode(data, spelling) end

---Raises an error for a text that is not Base64 in this spelling.
---@param text string
---@param spelling? perigee.Base64 default `std`
---@return string data
function encoding.b64decode(text, spelling) end

---@param data string
---@return string text in lower case
function encoding.hex_encode(data) end

---Raises an error for a text that is not hexadecimal.
---@param text string
---@return string data
function encoding.hex_decode(text) end

return encoding
