// An OpenID provider of another make (node's oidc-provider), for tests of the sign-in.
// Told by the environment: PORT, REDIRECT, PEOPLE (subject -> claims), SEAL (our public JWK).
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const { PORT, REDIRECT, PEOPLE, SEAL } = process.env;
const people = JSON.parse(PEOPLE);
const issuer = `http://127.0.0.1:${PORT}`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: "peer", use: "sig" };
const client = { redirect_uris: [REDIRECT], grant_types: ["authorization_code"] };
const sealed = {
  ...client,
  jwks: { keys: [JSON.parse(SEAL)] },
  id_token_encrypted_response_alg: "RSA-OAEP-256",
  id_token_encrypted_response_enc: "A256GCM",
  userinfo_signed_response_alg: "RS256",
  userinfo_encrypted_response_alg: "RSA-OAEP-256",
  userinfo_encrypted_response_enc: "A256GCM",
};

const provider = new Provider(issuer, {
  clients: [
    { ...client, client_id: "portal", client_secret: "secret-of-portal" },
    { ...sealed, client_id: "sealed", client_secret: "secret-of-sealed" },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ["for tests only"] },
  claims: { openid: ["sub", "citizenPid", "accountLevel"] },
  pkce: { required: () => true },
  features: { encryption: { enabled: true }, jwtUserinfo: { enabled: true } },
  async findAccount(_ctx, id) {
    return { accountId: id, claims: async () => ({ sub: id, ...people[id] }) };
  },
});
provider.on("server_error", (_ctx, error) => console.error(error));
provider.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));
