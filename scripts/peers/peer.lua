-- SPDX-License-Identifier: EUPL-1.2
-- The same look-up and the same push in Lua over Redis: token verified by
-- libcrypto with a cache of those verified, ten dossiers as ready JSON; a push
-- is one MULTI. No rights per dossier, no sealing, no verdict, no feed.

local ffi = require 'ffi'
local cjson = require 'cjson.safe'
local lrucache = require 'resty.lrucache'
local base64 = require 'ngx.base64'

ffi.cdef [[
typedef struct bio_st BIO;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_md_ctx_st EVP_MD_CTX;
BIO *BIO_new_mem_buf(const void *buf, int len);
EVP_PKEY *PEM_read_bio_PrivateKey(BIO *bp, EVP_PKEY **x, void *cb, void *u);
EVP_MD_CTX *EVP_MD_CTX_new(void);
void EVP_MD_CTX_free(EVP_MD_CTX *ctx);
const void *EVP_sha256(void);
int EVP_DigestVerifyInit(EVP_MD_CTX *ctx, void **pctx, const void *type,
    void *e, EVP_PKEY *pkey);
int EVP_DigestVerify(EVP_MD_CTX *ctx, const unsigned char *sig, size_t siglen,
    const unsigned char *tbs, size_t tbslen);
]]

local M = {}
local crypto = ffi.load('crypto.so.3')
local verified = lrucache.new(10000)
local key, socket_path

function M.init(path, socket)
   local file = assert(io.open(path))
   local pem = file:read('*a')
   file:close()
   key = crypto.PEM_read_bio_PrivateKey(crypto.BIO_new_mem_buf(pem, #pem),
      nil, nil, nil)
   assert(key ~= nil, 'no key')
   socket_path = 'unix:' .. socket
end

local function is_signed(signed, signature)
   local ctx = crypto.EVP_MD_CTX_new()
   local good = crypto.EVP_DigestVerifyInit(ctx, nil, crypto.EVP_sha256(), nil,
      key) == 1 and crypto.EVP_DigestVerify(ctx, signature, #signature, signed,
      #signed) == 1
   crypto.EVP_MD_CTX_free(ctx)
   return good
end

-- The claims of a good token, or nil.
local function claims_of(token)
   local claims = verified:get(token)
   if claims then
      return claims
   end
   local signed, payload, signature =
      token:match('^([^.]+%.([^.]+))%.([^.]+)$')
   signature = signature and base64.decode_base64url(signature)
   if not signature or not is_signed(signed, signature) then
      return nil
   end
   claims = cjson.decode(base64.decode_base64url(payload) or '')
   if not claims or claims.aud ~= 'dosis'
      or claims.iss ~= 'https://issuer.dosis.localhost'
      or (claims.exp or 0) < ngx.time() then
      return nil
   end
   verified:set(token, claims, math.min(claims.exp - ngx.time(), 60))
   return claims
end

-- One line or value of RESP.
local function read_reply(sock)
   local line = sock:receive()
   local kind, rest = line:byte(), line:sub(2)
   if kind == 36 then                  -- $
      local len = tonumber(rest)
      if len < 0 then
         return nil
      end
      return sock:receive(len + 2):sub(1, len)
   end
   if kind == 42 then                  -- *
      local list = {}
      for i = 1, tonumber(rest) do
         list[i] = read_reply(sock) or false
      end
      return list
   end
   return rest
end

local function command(...)
   local parts = { '*' .. select('#', ...) .. '\r\n' }
   for _, word in ipairs { ... } do
      word = tostring(word)
      parts[#parts + 1] = '$' .. #word .. '\r\n' .. word .. '\r\n'
   end
   return table.concat(parts)
end

local function connect()
   local sock = ngx.socket.tcp()
   assert(sock:connect(socket_path, { pool = 'redis', pool_size = 300 }))
   return sock
end

local function refuse(status)
   ngx.status = status
   ngx.say('{"status":', status, '}')
end

local function list(claims)
   local agent = tostring(claims.vo_orgcode or '')
   local sock = connect()
   sock:send(command('SORT', 'a:' .. agent, 'BY', 'nosort', 'DESC', 'LIMIT', 0,
      10, 'GET', '*'))
   local rows = read_reply(sock)
   sock:setkeepalive()
   if #rows == 0 then
      return refuse(404)
   end
   local body = '{"Elementen":[' .. table.concat(rows, ',') .. ']}'
   ngx.header['Cache-Control'] = 'private, no-cache'
   ngx.header['Content-Length'] = #body
   ngx.print(body)
end

local function push()
   ngx.req.read_body()
   local body = ngx.req.get_body_data()
   local dossier = cjson.decode(body or '')
   local id = dossier and dossier.Identificatie
   if not id or not id.Bron or not id.DossierNummer or not dossier.UploadId
      or type(dossier.Agenten) ~= 'table' or not dossier.Status then
      return refuse(400)
   end
   local d = 'd:' .. id.Bron .. ':' .. id.DossierNummer
   local words = { command('MULTI'),
      command('SET', 'u:' .. dossier.UploadId, 'Nieuw'),
      command('SET', d, body) }
   for _, agent in ipairs(dossier.Agenten) do
      words[#words + 1] =
         command('ZADD', 'a:' .. agent.Identificatie, ngx.now(), d)
   end
   words[#words + 1] = command('RPUSH', 'h:' .. d, body)
   words[#words + 1] = command('XADD', 'log', '*', 'd', d)
   words[#words + 1] = command('EXEC')
   local sock = connect()
   sock:send(table.concat(words))
   local reply
   for _ = 1, #words do
      reply = read_reply(sock)
   end
   sock:setkeepalive()
   if type(reply) ~= 'table' then
      return refuse(503)
   end
   ngx.say('{"Resultaat":"Nieuw","UploadId":"', dossier.UploadId, '"}')
end

function M.answer()
   local token = (ngx.var.http_authorization or ''):match('^Bearer (.+)$')
   local claims = token and claims_of(token)
   if not claims then
      return refuse(401)
   end
   if ngx.req.get_method() == 'POST' then
      return push()
   end
   return list(claims)
end

return M
