---@meta

-- URLs, their parts and their queries (RFC 3986).

---@class perigee.url
local url = {}

---Parts that a URL does not have are nil.
---@class perigee.url.Parts
---@field scheme? string
---@field username? string decoded
---@field password? string decoded
---@field host? string an IPv6 address without its brackets
---@field port? integer
---@field path string as it is written, empty if there is none
---@field query? string as it is written, without the `?`; `url.parse_query` reads it
---@field fragment? string as it is written

---What `url.build` makes a query of: names in sorted order, of which a list as its value repeats
---the name; a list of pairs keeps its order.
---@alias perigee.url.Query table<string, any>|{ [1]: string, [2]: any }[]

---@param text string
---@return perigee.url.Parts
function url.parse(text) end

---The opposite; `query` may be a table too, which is encoded.
---@param parts perigee.url.Parts|{ query?: perigee.url.Query }
---@return string
function url.build(parts) end

---What a reference means on the page at `base`: `resolve("http://h/a/b", "../c")` is `http://h/c`.
---@param base string
---@param reference string
---@return string
function url.resolve(base, reference) end

---Everything but letters, digits and `-_.~` as `%XX`, e.g. for a segment of a path.
---@param text string
---@return string
function url.encode(text) end

---Raises an error where a `%` is not followed by two hexadecimal digits.
---@param text string
---@return string
function url.decode(text) end

---`a=1&b=x+y`, as forms and queries are encoded.
---@param query perigee.url.Query
---@return string
function url.build_query(query) end

---The names and values of a query in their order.
---@param query string
---@return { [1]: string, [2]: string }[]
function url.parse_query(query) end

return url
