import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ConfigError } from "./config-error.ts";
import { providerConcurrency, providerVariables } from "./provider-variables.ts";
import { readVariables } from "./read-variables.ts";
import { commonVariables, databaseVariables, natsVariables } from "./variables.ts";

const schema = z.object({
  ...commonVariables(8081),
  ...databaseVariables,
  ...natsVariables,
  ...providerVariables,
  FAL_KEY: z.string().min(8).optional(),
  AUTH: z.enum(["none", "api-key"]).default("none"),
});

const required = { DATABASE_URL: "postgres://tirage:secret@localhost:5432/tirage", NATS_URL: "nats://localhost:4222" };

function linesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readVariables(schema, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  throw new Error("the environment was accepted");
}

describe("readVariables", () => {
  test("with what is required alone, the rest has its defaults", () => {
    expect(readVariables(schema, required)).toEqual({
      ...required,
      HOST: "127.0.0.1",
      PORT: 8081,
      LOG_LEVEL: "info",
      SHUTDOWN_GRACE_MS: 10_000,
      EVENT_LOOP_LIMIT_MS: 20_000,
      NATS_URL: ["nats://localhost:4222"],
      PROVIDERS: ["fal", "replicate"],
      PROVIDER_CONCURRENCY: {},
      AUTH: "none",
    });
  });

  test("with lists, space around their parts is dropped and repeats count once", () => {
    const variables = readVariables(schema, {
      ...required,
      NATS_URL: "nats://a:4222, tls://user:p@b:4222",
      PROVIDERS: "fal, null,fal",
      PROVIDER_CONCURRENCY: "fal=3, replicate=20",
    });
    expect(variables.NATS_URL).toEqual(["nats://a:4222", "tls://user:p@b:4222"]);
    expect(variables.PROVIDERS).toEqual(["fal", "null"]);
    expect(variables.PROVIDER_CONCURRENCY).toEqual({ fal: 3, replicate: 20 });
  });

  test("with a variable set to nothing, its default is taken", () => {
    expect(readVariables(schema, { ...required, PORT: "", FAL_KEY: "" })).toMatchObject({ PORT: 8081 });
  });

  test("with an IPv6 address as HOST, it is taken", () => {
    expect(readVariables(schema, { ...required, HOST: "::1" }).HOST).toBe("::1");
  });

  test.each([
    ["PORT", "abc", 'PORT: expected a number from 0 to 65535, got "abc"'],
    ["PORT", "65536", 'PORT: expected a number from 0 to 65535, got "65536"'],
    ["PORT", "-1", 'PORT: expected a number from 0 to 65535, got "-1"'],
    ["PORT", "80.5", 'PORT: expected a number from 0 to 65535, got "80.5"'],
    ["PORT", "0x50", 'PORT: expected a number from 0 to 65535, got "0x50"'],
    ["HOST", "my host", 'HOST: expected a host name or address, got "my host"'],
    ["LOG_LEVEL", "loud", 'LOG_LEVEL: expected one of trace, debug, info, warn, error, fatal, silent, got "loud"'],
    ["SHUTDOWN_GRACE_MS", "10s", 'SHUTDOWN_GRACE_MS: expected a number from 0 to 600000, got "10s"'],
    ["DATABASE_URL", undefined, "DATABASE_URL: expected postgres://user:password@host:port/database, got nothing"],
    [
      "DATABASE_URL",
      "mysql://root:p/a@ss@db/tirage",
      'DATABASE_URL: expected postgres://user:password@host:port/database, got "mysql://***@db/tirage"',
    ],
    ["NATS_URL", undefined, "NATS_URL: expected nats://host:port, or several separated by commas, got nothing"],
    ["NATS_URL", "localhost", 'NATS_URL: expected nats://host:port, or several separated by commas, got "localhost"'],
    ["NATS_URL", "nats://a,,", 'NATS_URL: expected nats://host:port, or several separated by commas, got "nats://a,,"'],
    [
      "NATS_CREDS",
      "/a/path",
      "NATS_CREDS: expected the content of a NATS credentials file, got a value that is not shown",
    ],
    [
      "PROVIDERS",
      "fal;x",
      'PROVIDERS: expected provider names separated by commas, such as fal,replicate, got "fal;x"',
    ],
    [
      "PROVIDER_CONCURRENCY",
      "fal=0",
      'PROVIDER_CONCURRENCY: expected provider=number pairs separated by commas, such as fal=10,replicate=10, got "fal=0"',
    ],
    ["FAL_KEY", "short", "FAL_KEY: expected string to have >=8 characters, got a value that is not shown"],
    ["AUTH", "basic", 'AUTH: expected one of "none"|"api-key", got "basic"'],
  ])("with %s = %s, the line names it, what is expected and what was given", (name, value, line) => {
    expect(linesOf({ ...required, [name]: value })).toEqual([line]);
  });

  test("with several bad variables, each has one line", () => {
    const lines = linesOf({ PORT: "x", NATS_URL: "x" });
    expect(lines.map((line) => line.split(":", 1)[0])).toEqual(["PORT", "DATABASE_URL", "NATS_URL"]);
  });
});

test("providerConcurrency: of enabled providers, answers what was configured, else 10, and 100 for null", () => {
  const limits = providerConcurrency({
    PROVIDERS: ["fal", "replicate", "null"],
    PROVIDER_CONCURRENCY: { fal: 3, other: 7 },
  });
  expect(limits).toEqual({ fal: 3, replicate: 10, null: 100 });
});
