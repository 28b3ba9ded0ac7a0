import { expect, test } from "vitest";
import { describeConnectionFailure, isNeverSent } from "./connection-failure.ts";

/** As Node's `fetch` throws it. */
function fetchFailed(cause: Error): TypeError {
  return new TypeError("fetch failed", { cause });
}

function systemError(fields: { code: string; syscall?: string }): Error {
  return Object.assign(new Error(`${fields.syscall} ${fields.code}`), fields);
}

const otherSideClosed = Object.assign(new Error("other side closed"), { code: "UND_ERR_SOCKET" });
const refused = systemError({ code: "ECONNREFUSED", syscall: "connect" });

test.each([
  ["connection refused", refused],
  ["connection attempt timed out", systemError({ code: "ETIMEDOUT", syscall: "connect" })],
  ["no such host", systemError({ code: "ENOTFOUND", syscall: "getaddrinfo" })],
  ["name service away", systemError({ code: "EAI_AGAIN", syscall: "getaddrinfo" })],
  ["undici's connect timeout", systemError({ code: "UND_ERR_CONNECT_TIMEOUT" })],
  ["certificate expired", systemError({ code: "CERT_HAS_EXPIRED" })],
  ["certificate of another host", systemError({ code: "ERR_TLS_CERT_ALTNAME_INVALID" })],
  ["every address refused", new AggregateError([refused, refused])],
])("isNeverSent: %s, surely never sent", (_case, cause) => {
  expect(isNeverSent(fetchFailed(cause))).toBe(true);
});

test.each([
  ["reset while writing", systemError({ code: "ECONNRESET", syscall: "write" })],
  ["reset while reading", systemError({ code: "ECONNRESET", syscall: "read" })],
  ["open connection timed out", systemError({ code: "ETIMEDOUT", syscall: "read" })],
  ["route lost under an open connection", systemError({ code: "EHOSTUNREACH", syscall: "read" })],
  ["other side closed", otherSideClosed],
  ["no headers in time", systemError({ code: "UND_ERR_HEADERS_TIMEOUT" })],
  ["one address refused, one reset", new AggregateError([refused, systemError({ code: "ECONNRESET" })])],
])("isNeverSent: %s, may have been sent", (_case, cause) => {
  expect(isNeverSent(fetchFailed(cause))).toBe(false);
});

test("isNeverSent: something thrown that is no error, may have been sent", () => {
  expect(isNeverSent("broken")).toBe(false);
});

test.each([
  ["a cause", fetchFailed(refused), "connect ECONNREFUSED"],
  ["a code that the message lacks", otherSideClosed, "UND_ERR_SOCKET other side closed"],
  ["no error at all", "broken", "broken"],
])("describeConnectionFailure: %s, said in words", (_case, error, words) => {
  expect(describeConnectionFailure(error)).toMatch(words);
});
