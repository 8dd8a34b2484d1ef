---@meta

-- Hashes, keyed hashes, signatures and random bytes, by OpenSSL.

---@class perigee.crypto
local crypto = {}

---How a digest is written.
---@alias perigee.DigestOutput "hex"|"base64"|"base64url"|"base64rawurl"|"binary"

---@alias perigee.HashAlgorithm
---| "md4"
---| "md5"
---| "ripemd160"
---| "sha1"
---| "sha256"
---| "sha384"
---| "sha512"
---| "sha512_224"
---| "sha512_256"

---A digest of data that comes in parts.
---@class perigee.crypto.Hasher
local Hasher = {}

---@param data string
---@return perigee.crypto.Hasher self
function Hasher:update(data) end

---Of all parts so far; more may follow.
---@param output? perigee.DigestOutput default `hex`
---@return string
function Hasher:digest(output) end

---@param algorithm perigee.HashAlgorithm
---@return perigee.crypto.Hasher
function crypto.create_hash(algorithm) end

---@param algorithm perigee.HashAlgorithm
---@param secret string
---@return perigee.crypto.Hasher
function crypto.create_hmac(algorithm, secret) end

---@param algorithm perigee.HashAlgorithm
---@param secret string
---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.hmac(algorithm, secret, data, output) end

---As JSON Web Signatures have them (RFC 7518).
---@alias perigee.SignatureAlgorithm
---| "RS256"
---| "RS384"
---| "RS512"
---| "PS256"
---| "PS384"
---| "PS512"
---| "ES256"
---| "ES384"

---The signature of data, as a JSON Web Token's with the output `base64rawurl`.
---@param algorithm perigee.SignatureAlgorithm
---@param private_key string in PEM
---@param data string
---@param output? perigee.DigestOutput default `hex`
---@param passphrase? string of a key that is encrypted
---@return string
function crypto.sign(algorithm, private_key, data, output, passphrase) end

---@param algorithm perigee.SignatureAlgorithm
---@param public_key string in PEM; or a certificate
---@param data string
---@param signature string its bytes
---@return boolean
function crypto.verify(algorithm, public_key, data, signature) end

---Bytes that nobody can foresee. Numbers that can be repeated are in `perigee.random`.
---@param count integer
---@return string
function crypto.random_bytes(count) end

---@param data string
---@return string text in lower case
function crypto.hex_encode(data) end

---Most systems' OpenSSL does not offer it any more; then an error says so.
---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.md4(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.md5(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.ripemd160(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha1(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha256(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha384(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha512(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha512_224(data, output) end

---@param data string
---@param output? perigee.DigestOutput default `hex`
---@return string
function crypto.sha512_256(data, output) end

return crypto
