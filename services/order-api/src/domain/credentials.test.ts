import { expect, test } from "vitest";
import { type CredentialHeaders, type Credentials, credentialsOf, mayComeByCookie } from "./credentials.ts";

const cookie = "theme=dark; tirage_session=170.abc; other=1";

test.each<[string, CredentialHeaders, Credentials | undefined]>([
  ["nothing", {}, undefined],
  ["a bearer key", { authorization: "Bearer red-key" }, { kind: "key", key: "red-key" }],
  ["a bearer key beside a cookie", { authorization: "bearer  red-key ", cookie }, { kind: "key", key: "red-key" }],
  ["another scheme, whatever the cookie says", { authorization: "Basic cmVk", cookie }, undefined],
  ["a cookie", { cookie }, { kind: "session", token: "170.abc" }],
  ["a cookie whose name ends alike", { cookie: "not_tirage_session=170.abc" }, undefined],
])("credentialsOf: %s", (_, headers, credentials) => {
  expect(credentialsOf(headers)).toEqual(credentials);
});

const host = "tirage.example:8080";
test.each<[string, string, CredentialHeaders, boolean]>([
  ["reading, from anywhere", "GET", { host, "sec-fetch-site": "cross-site", origin: "https://evil.example" }, true],
  ["changing, from the console", "POST", { host, "sec-fetch-site": "same-origin" }, true],
  [
    "changing, behind a proxy that names another host",
    "POST",
    { host: "order-api", "sec-fetch-site": "same-origin" },
    true,
  ],
  ["changing, from a page of another port", "POST", { host, "sec-fetch-site": "same-site" }, false],
  [
    "changing, from a page elsewhere",
    "DELETE",
    { host, "sec-fetch-site": "cross-site", origin: `http://${host}` },
    false,
  ],
  ["changing, by origin alone, the console's", "POST", { host, origin: `http://${host}` }, true],
  ["changing, by origin alone, its port another", "POST", { host, origin: "http://tirage.example:8081" }, false],
  ["changing, by origin alone, one that is hidden", "POST", { host, origin: "null" }, false],
  ["changing, and nothing says from where", "POST", { host }, false],
  ["changing, and there is no host either", "POST", {}, false],
])("mayComeByCookie: %s", (_, method, headers, may) => {
  expect(mayComeByCookie(method, headers)).toBe(may);
});
