// Serves one OpenID provider (npm oidc-provider) per address of the settings, over TLS.
// Nobody is asked for a password: who logs in is the login_hint, else the first account.
import { createServer } from "node:https";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Provider } from "oidc-provider";

const { cert, key, providers } = JSON.parse(readFileSync(process.env.SETTINGS, "utf8"));

const keyTypes = {
  RS256: ["rsa", { modulusLength: 2048 }],
  ES256: ["ec", { namedCurve: "P-256" }],
  EdDSA: ["ed25519", {}],
};

function jwk(alg) {
  const { privateKey } = generateKeyPairSync(...keyTypes[alg]);
  return { ...privateKey.export({ format: "jwk" }), alg, use: "sig", kid: randomUUID() };
}

function build({ issuer, algorithms, accounts, clients, omitMetadata, opaqueErrors, settings }) {
  const names = Object.keys(accounts).sort();
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys: algorithms.map(jwk) },
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    cookies: { keys: [randomUUID()] },
    scopes: ["openid", "profile", "email"],
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
    },
    findAccount: (ctx, id) =>
      accounts[id] && { accountId: id, claims: () => ({ ...accounts[id], sub: id }) },
    interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
    ...settings,
    features: { devInteractions: { enabled: false }, ...settings.features },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path.startsWith("/interaction/")) {
      const { params } = await provider.interactionDetails(ctx.req, ctx.res);
      const accountId = params.login_hint ?? names[0];
      await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId } });
      ctx.respond = false;
      return;
    }
    await next();
    if (ctx.oidc?.route === "discovery") {
      omitMetadata.forEach((name) => delete ctx.body[name]);
    }
    if (opaqueErrors && ctx.method === "POST" && ctx.status >= 400) {
      ctx.status = 400;
      ctx.body = "";
    }
  });
  return provider;
}

for (const provider of providers) {
  createServer({ cert, key }, build(provider).callback()).listen(provider.port, "127.0.0.1");
}
