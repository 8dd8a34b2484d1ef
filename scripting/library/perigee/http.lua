---@meta

-- HTTP requests. A request that fails raises no error: its response has status 0 and says why.

---@class perigee.http
local http = {}

---@class perigee.http.Params
---@field headers? table<string, string|number|boolean> in this spelling; `Host` may be set too
---@field tags? perigee.Tags tags of this request's samples; `name` stands for the URL
---@field timeout? string|number from its start to its end: "10s", or milliseconds; "60s" if not set
---@field idleTimeout? string|number of http.stream: how long nothing may arrive, as `timeout`
---@field responseType? "text"|"binary"|"none" "none" reads the body and does not keep it
---@field responseCallback? perigee.http.ExpectedStatuses|false the statuses that are no failure
---@field redirects? integer followed at most; the option `maxRedirects`, 10, if not set
---@field cookies? table<string, string|number|boolean|perigee.http.RequestCookie>
---@field jar? perigee.http.CookieJar instead of the VU's own
---@field auth? "basic"|"digest" with the URL's user and password; "basic" if it has them
---@field compression? string of the body: "gzip", "deflate", "br", "zstd", or several: "gzip, br"
---@field retry? boolean one that a kept connection loses is sent again, whatever its method
---@field throw? boolean a request without an answer raises an error; the option `throw` if not set

---@class perigee.http.RequestCookie
---@field value string
---@field replace? boolean the jar's cookie of this name is not sent, too

---A body: a string as it is (see `perigee.json`), or a form. A form has names and values, sent in
---the order of the names, or is a list of `{name, value}`; a list as a value repeats the name. With
---a file among the values, or a Content-Type that says so, it is sent as multipart/form-data.
---@alias perigee.http.Body string|table|perigee.http.BodyFile|perigee.http.BodyFunction

---All in milliseconds.
---@class perigee.http.Timings
---@field blocked number until the request could be sent, a new connection's making included
---@field looking_up number always 0: looking up the name is part of `blocked`
---@field connecting number making the TCP connection; 0 on a kept one
---@field tls_handshaking number 0 without TLS
---@field sending number
---@field waiting number from the last byte sent to the first byte received
---@field receiving number
---@field duration number sending + waiting + receiving

---The request of a response, as the script asked for it: without the program's own headers and the
---jar's cookies. Read from the script's parameters when it is first asked for.
---@class perigee.http.SentRequest
---@field method string
---@field url string
---@field headers table<string, string[]>
---@field cookies table<string, perigee.http.RequestCookie[]> the request's own
---@field body string "" if there was none

---A cookie as a response sets it.
---@class perigee.http.Cookie
---@field name string
---@field value string
---@field domain string "" if the server did not say
---@field path string "" if the server did not say
---@field http_only boolean
---@field secure boolean
---@field max_age integer seconds; 0 if the server did not say
---@field expires integer milliseconds since 1970; 0 if the server did not say

---@class perigee.http.Response
---@field status integer 0 if no answer came
---@field status_text string e.g. "200 OK"
---@field body string? without its compression; nil with responseType "none" and without an answer
---@field headers table<string, string> `Content-Type`, found in any case; values joined by ", "
---@field trailers table<string, string> those behind the body, by names in lower case
---@field cookies table<string, perigee.http.Cookie[]> those that this response sets
---@field url string where it came from, after redirections
---@field proto string e.g. "HTTP/1.1"
---@field error string "" if an answer came, whatever its status
---@field error_code integer 0 below status 400; 1000 + status from there on; below 1400 what failed
---@field timings perigee.http.Timings
---@field remote_ip string
---@field remote_port integer
---@field tls_version string "tls1.3"; "" without TLS
---@field tls_cipher_suite string "TLS_AES_128_GCM_SHA256"; "" without TLS
---@field tls_resumed boolean whether its connection went on with an earlier one's session
---@field request perigee.http.SentRequest
local Response = {}

---The body as JSON, which it must be; or what it has at a path in gjson's syntax, like
---"models.0.name", nil where it has nothing.
---@param path? string
---@return any
function Response:json(path) end

---A URL with a name of its own: see `http.url`.
---@class perigee.http.NamedUrl
---@field url string
---@field name string

---@alias perigee.http.AnyUrl string|perigee.http.NamedUrl

---@param url perigee.http.AnyUrl
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.get(url, params) end

---@param url perigee.http.AnyUrl
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.head(url, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.post(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.put(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.patch(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.del(url, body, params) end

---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.options(url, body, params) end

---@param method string e.g. "PUT"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Response
function http.request(method, url, body, params) end

---A request on its way. An iteration ends when all of its requests have.
---@class perigee.http.Promise
local Promise = {}

---Waits for the response, if it has not come yet. May be called again.
---@return perigee.http.Response
function Promise:await() end

---Sends a request and does not wait for its response: `promise:await()` does, later.
---@param method string e.g. "PUT"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params
---@return perigee.http.Promise
function http.async_request(method, url, body, params) end

---Waits for the first response of several requests; the others go on, and may still be awaited.
---Those that have come already go in the order of the list.
---@param promises perigee.http.Promise[]
---@return perigee.http.Response response
---@return integer place of its promise in the list
function http.race(promises) end

---A server-sent event.
---@class perigee.http.Event
---@field event string its type; "message" if the server gives none
---@field data string lines joined by LF, as they came
---@field id string the last id that the server gave, or ""
---@field retry integer? milliseconds, with the first event after the server gave them
---@field time number milliseconds from the start of the request to the arrival

---An answer on its way. It has the fields of a response, as far as they are known, but no body.
---@class perigee.http.Stream: perigee.http.Response
local Stream = {}

---The server-sent events as they arrive, each with its time in milliseconds since the request
---started.
---@return fun(): perigee.http.Event?, number?
function Stream:events() end

---The lines as they arrive, without their ends, each with its time.
---@return fun(): string?, number?
function Stream:lines() end

---What comes with each read, with its time.
---@return fun(): string?, number?
function Stream:chunks() end

---Waits for the end; returns all that has not been read yet, 256 MiB at most.
---@return string
function Stream:text() end

---Ends the stream, whether all of it has come or not.
function Stream:close() end

---Sends a request and waits for the head of its answer, whose parts the stream gives as they
---arrive.
---@param method string e.g. "POST"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params also `idleTimeout`
---@return perigee.http.Stream
function http.stream(method, url, body, params) end

---A stream whose head may not have come.
---@class perigee.http.StreamPromise
local StreamPromise = {}

---Waits for the head of the answer, if it has not come yet. May be called again.
---@return perigee.http.Stream
function StreamPromise:await() end

---Sends a request and does not wait for the head of its answer: `promise:await()` does, later.
---@param method string e.g. "POST"
---@param url perigee.http.AnyUrl
---@param body? perigee.http.Body
---@param params? perigee.http.Params also `idleTimeout`
---@return perigee.http.StreamPromise
function http.async_stream(method, url, body, params) end

---@class perigee.http.Request
---@field method? string "GET" if not set
---@field url perigee.http.AnyUrl
---@field body? perigee.http.Body
---@field params? perigee.http.Params

---A URL to get, a table with names, or one in the order method, url, body, params.
---@alias perigee.http.BatchEntry perigee.http.AnyUrl|perigee.http.Request|any[]

---Sends requests at the same time and waits for all of them: at most 20 at once, 6 of them to one
---host. A table with names starts in the order of its names.
---@param requests perigee.http.BatchEntry[]|table<string, perigee.http.BatchEntry>
---@return perigee.http.Response[] responses in the shape of the requests
function http.batch(requests) end

---Makes a client, in init code: each VU has its own connections, or shares some by name.
---@param settings? perigee.http.ClientSettings
---@return perigee.http.Client
function http.client(settings) end

---Puts values into the places `${}` or `{}` of a template, which is the name of all URLs made from
---it: their requests share the tags `name` and `url`.
---@param template string e.g. "http://host/items/${}"
---@param ... string|number|boolean a value for each place
---@return perigee.http.NamedUrl
function http.url(template, ...) end

---A file as a value of a form.
---@class perigee.http.File
---@field data string
---@field filename string
---@field content_type string

---@param data string
---@param filename? string digits if not set
---@param content_type? string "application/octet-stream" if not set
---@return perigee.http.File
function http.file(data, filename, content_type) end

---An open file to be sent as a body, piece by piece.
---@class perigee.http.BodyFile
---@field path string
---@field size integer bytes

---Opens a file, in init code, that requests can send as their body; no VU holds its content.
---@param path string beside the file that calls, the script, or in the current folder
---@return perigee.http.BodyFile
function http.body_file(path) end

---A body that a function makes, piece by piece.
---@class perigee.http.BodyFunction

---A body from a function that returns the next piece each time it is called, and nil at the end. It
---is called while the request is sent, and can neither wait nor send requests.
---@param next_piece fun(): string?
---@param settings? { size: integer } bytes in all; without it the body is sent in chunks
---@return perigee.http.BodyFunction
function http.body_from(next_piece, settings) end

---@class perigee.http.CookieAttributes
---@field path? string
---@field domain? string
---@field expires? string e.g. "Wed, 21 Oct 2015 07:28:00 GMT"
---@field max_age? integer seconds
---@field secure? boolean
---@field http_only? boolean

---@class perigee.http.CookieJar
local CookieJar = {}

---Puts a cookie in that the URL could have set. False if it could not: the domain is another's. A
---name or value with a `;`, a line end or the like is an error.
---@param url string
---@param name string
---@param value string
---@param attributes? perigee.http.CookieAttributes
---@return boolean
function CookieJar:set(url, name, value, attributes) end

---The cookies that a request to the URL carries.
---@param url string
---@return table<string, string[]> values by name
function CookieJar:cookies_for_url(url) end

---Takes all cookies for the URL out.
---@param url string
function CookieJar:clear(url) end

---Takes one cookie for the URL out.
---@param url string
---@param name string
function CookieJar:delete(url, name) end

---The VU's own jar, which requests use that name no other. It is emptied after each iteration,
---unless the option `noCookiesReset` is set.
---@return perigee.http.CookieJar
function http.cookie_jar() end

---An empty jar for the parameter `jar`; nobody empties it.
---@return perigee.http.CookieJar
function http.new_cookie_jar() end

---Versions of TLS, as `tls_version` of a response and the option `tlsVersion` have them.
http.TLS_1_0 = "tls1.0"
http.TLS_1_1 = "tls1.1"
http.TLS_1_2 = "tls1.2"
http.TLS_1_3 = "tls1.3"

---@class perigee.http.ExpectedStatuses

---Statuses for `responseCallback` and `http.set_response_callback`; 0 stands for no answer.
---@param ... integer|{ min: integer, max: integer }
---@return perigee.http.ExpectedStatuses
function http.expected_statuses(...) end

---Which statuses of this VU's requests are no failure: 200 to 399 if it is not called. With nil or
---false none is judged: there is no `http_req_failed` and no tag `expected_response`.
---@param callback perigee.http.ExpectedStatuses|false|nil
function http.set_response_callback(callback) end

return http
