---@meta

-- What is kept in buckets and folders, by URIs: `s3://bucket/path`, `s3://bucket@region/path`,
-- `gs://bucket/path`, `az://account/container/path`, `oci://n/namespace/b/bucket/o/path`,
-- `github://owner/repo@tag/name`, `pvc://claim/path`, `file:///path`, or a path.
-- A call that fails returns nil and the failure.

---@class perigee.storage
local storage = {}

---@class perigee.storage.Options: perigee.credentials.AwsSettings, perigee.credentials.OciSettings
---@field gcp_credentials_path? string a file as GOOGLE_APPLICATION_CREDENTIALS names one
---@field gcp_project_id? string
---@field azure_account_name? string
---@field azure_account_key? string
---@field azure_connection_string? string
---@field azure_sas_token? string a shared access signature
---@field github_token? string
---@field endpoint? string the URL of a server that stands for the cloud's own
---@field content_type? string of what is put; by the name's ending if not set
---@field timeout? string|number of each request: "10m", or milliseconds
---@field part_size? integer bytes above which an upload goes in parts of this size; 64 MiB
---@field resume? boolean of `put` of a file: the next one goes on with one that broke off
---@field file? string of `get`: where it is written to, instead of being returned

---@class perigee.storage.Failure
---@field status integer 0 without a response
---@field code string e.g. "NoSuchBucket"; "Connection", "Credentials" or "File" without a response
---@field message string?
---@field text string all of it in words, as tostring gives it

---@class perigee.storage.File
---@field file string a path

---@class perigee.storage.Stored
---@field uri string
---@field size integer bytes
---@field etag string?
---@field resumed integer? bytes that were there already, of an upload that had broken off

---@class perigee.storage.Item
---@field name string below the URI that was listed
---@field uri string
---@field size integer bytes
---@field modified number? milliseconds since 1970
---@field etag string?

---@class perigee.storage.Uploaded
---@field path string
---@field uri string
---@field size integer bytes
---@field resumed integer? bytes that were there already, of an upload that had broken off

---@class perigee.storage.Place
---@field uri string
---@field kind "s3"|"gs"|"az"|"oci"|"github"|"folder"
---@field path string within the bucket, or of this machine
---@field bucket string?
---@field account string?
---@field container string?
---@field region string?

---What a URI says; one that can't be read is an error. Sends nothing, so init code may call it.
---@param uri string
---@return perigee.storage.Place
function storage.parse(uri) end

---Keeps data, or a file, under a name.
---@param uri string
---@param data string|perigee.storage.File
---@param options? perigee.storage.Options
---@return perigee.storage.Stored?
---@return perigee.storage.Failure?
function storage.put(uri, data, options) end

---What is kept under a name; with the option `file`, a table with its size.
---@param uri string
---@param options? perigee.storage.Options
---@return string|perigee.storage.Stored|nil
---@return perigee.storage.Failure?
function storage.get(uri, options) end

---Everything below a folder, however deep.
---@param uri string
---@param options? perigee.storage.Options
---@return perigee.storage.Item[]?
---@return perigee.storage.Failure?
function storage.list(uri, options) end

---Forgets a name. One that is not there is no failure.
---@param uri string
---@param options? perigee.storage.Options
---@return true?
---@return perigee.storage.Failure?
function storage.delete(uri, options) end

---Sends a file, or all files of a folder to their names below the URI. A file goes to the URI
---itself, unless that ends in a slash or is a bucket alone.
---@param path string
---@param uri string
---@param options? perigee.storage.Options
---@return perigee.storage.Uploaded[]?
---@return perigee.storage.Failure?
function storage.upload(path, uri, options) end

return storage
