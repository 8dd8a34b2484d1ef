---@meta

-- Who a script is to clouds, and signatures of its requests. No secret shows up in a log.

---@class perigee.credentials
local credentials = {}

---What is not set comes from the environment, the profile's files, and so on.
---@class perigee.credentials.AwsSettings
---@field aws_access_key_id? string
---@field aws_secret_access_key? string
---@field aws_session_token? string
---@field aws_profile? string of the files ~/.aws/config and ~/.aws/credentials
---@field aws_region? string

---@class perigee.credentials.AwsKeys
---@field access_key_id string
---@field secret_access_key string
---@field session_token string?
---@field expires number? milliseconds since 1970
---@field source string where they come from, e.g. "environment"

---@class perigee.credentials.AwsRequest
---@field method? string "GET" if not set
---@field url string
---@field service string as signatures name it: "s3", "bedrock", "execute-api"
---@field region? string that of the settings if not set
---@field headers? table<string, string> they are signed, too
---@field body? string
---@field body_hash? string in place of the body: its SHA-256, or "UNSIGNED-PAYLOAD"

---@class perigee.credentials.Aws
local AwsCredentials = {}

---The keys themselves, for a client that signs by itself. They are renewed before they expire.
---@return perigee.credentials.AwsKeys
function AwsCredentials:get() end

---The headers of a request with its signature, to be sent as they are.
---@param request perigee.credentials.AwsRequest
---@return table<string, string>
function AwsCredentials:sign(request) end

---Credentials of Amazon's services. They are looked for when they are first needed.
---@param settings? perigee.credentials.AwsSettings
---@return perigee.credentials.Aws
function credentials.aws(settings) end

---What is not set comes from GOOGLE_APPLICATION_CREDENTIALS, gcloud's file, or the metadata server.
---@class perigee.credentials.GoogleSettings
---@field gcp_credentials_path? string a file as GOOGLE_APPLICATION_CREDENTIALS names one
---@field gcp_project_id? string storage and tokens do without
---@field scope? string default "https://www.googleapis.com/auth/cloud-platform"

---@class perigee.credentials.GoogleToken
---@field token string
---@field expires number? milliseconds since 1970
---@field source string where it comes from, e.g. "service account"

---@class perigee.credentials.Google
local GoogleCredentials = {}

---The token itself. It is renewed before it expires.
---@return perigee.credentials.GoogleToken
function GoogleCredentials:get() end

---The headers that a request needs: Authorization.
---@return table<string, string>
function GoogleCredentials:headers() end

---Credentials of Google's services. They are looked for when they are first needed.
---@param settings? perigee.credentials.GoogleSettings
---@return perigee.credentials.Google
function credentials.google(settings) end

---@class perigee.credentials.AzureSettings
---@field scope? string default "https://storage.azure.com/.default"

---@class perigee.credentials.Azure
local AzureCredentials = {}

---The token itself. It is renewed before it expires.
---@return perigee.credentials.GoogleToken
function AzureCredentials:get() end

---The headers that a request needs: Authorization.
---@return table<string, string>
function AzureCredentials:headers() end

---Tokens of Microsoft Entra: of an application's secret, a workload's or a managed identity.
---@param settings? perigee.credentials.AzureSettings
---@return perigee.credentials.Azure
function credentials.azure(settings) end

---What is not set comes from OCI's own variables and its configuration file.
---@class perigee.credentials.OciSettings
---@field oci_auth? "user_principal"|"instance_principal"|"security_token"|"instance_obo_user"
---@field oci_config_file? string default "~/.oci/config"
---@field oci_profile? string default "DEFAULT"
---@field oci_security_token? string the token, or its file; that of the profile if not set
---@field oci_region? string

---@class perigee.credentials.OciRequest
---@field method? string "GET" if not set
---@field url string
---@field headers? table<string, string>
---@field body? string

---@class perigee.credentials.Oci
local OciCredentials = {}

---The headers of a request with its signature, to be sent as they are.
---@param request perigee.credentials.OciRequest
---@return table<string, string>
function OciCredentials:sign(request) end

---Credentials of Oracle's cloud. They are looked for when they are first needed.
---@param settings? perigee.credentials.OciSettings
---@return perigee.credentials.Oci
function credentials.oci(settings) end

return credentials
