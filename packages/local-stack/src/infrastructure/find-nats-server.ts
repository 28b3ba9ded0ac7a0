import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import {
  type FetchNatsServer,
  fromDistribution,
  fromDocker,
  fromRelease,
  officialReleaseUrl,
} from "./fetch-nats-server.ts";
import { askNatsVersion, fetchedNatsVersion, isAtLeast, minimumNatsVersion } from "./nats-version.ts";

/** A NATS server program that runs here and is new enough. */
export interface NatsServer {
  path: string;
  version: string;
  /** Where it comes from, for a person to read. */
  source: string;
}

export interface FindNatsOptions {
  /** Reads NATS_SERVER_BIN, PATH and XDG_CACHE_HOME. */
  environment: Record<string, string | undefined>;
  /** Where a fetched server is kept. Default `tirage` in the user's cache folder. */
  cacheDirectory?: string;
  /** Ways to fetch one, tried in order. Default: official release, distribution package, Docker image. */
  ways?: { name: string; fetch: FetchNatsServer }[];
  report?: (line: string) => void;
  /** Ends a fetch that is under way. */
  signal?: AbortSignal;
}

const defaultWays = [
  { name: "the official release", fetch: fromRelease(officialReleaseUrl) },
  { name: "the distribution's newest package", fetch: fromDistribution },
  { name: "the Docker image", fetch: fromDocker },
];

/**
 * Finds a NATS server: NATS_SERVER_BIN, PATH, our cache, and otherwise fetches one into the cache. A NATS_SERVER_BIN
 * that is unusable is an error; a PATH entry that is too old is passed over and reported.
 */
export async function findNatsServer(options: FindNatsOptions): Promise<NatsServer> {
  const { environment, ways = defaultWays } = options;
  const report = options.report ?? (() => {});
  const named = environment.NATS_SERVER_BIN;
  if (named) return readNamed(named);

  for (const folder of (environment.PATH ?? "").split(delimiter).filter(Boolean)) {
    const path = join(folder, "nats-server");
    const version = await askNatsVersion(path);
    if (version && isAtLeast(version, minimumNatsVersion)) return { path, version, source: `PATH (${path})` };
    if (version) report(`${path} is ${version}, older than ${minimumNatsVersion}: passed over`);
  }

  const cache = options.cacheDirectory ?? defaultCache(environment);
  const path = join(cache, `nats-server-${fetchedNatsVersion}`);
  const cached = await askNatsVersion(path);
  if (cached && isAtLeast(cached, minimumNatsVersion)) return { path, version: cached, source: `cache (${path})` };
  return fetchServer(path, ways, report, options.signal ?? new AbortController().signal);
}

async function readNamed(path: string): Promise<NatsServer> {
  const version = await askNatsVersion(path);
  if (!version) throw new Error(`NATS_SERVER_BIN=${path} is not a nats-server that runs on this machine`);
  if (!isAtLeast(version, minimumNatsVersion)) {
    throw new Error(`NATS_SERVER_BIN=${path} is ${version}; Tirage needs ${minimumNatsVersion} or newer`);
  }
  return { path, version, source: `NATS_SERVER_BIN (${path})` };
}

async function fetchServer(
  path: string,
  ways: { name: string; fetch: FetchNatsServer }[],
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<NatsServer> {
  await mkdir(dirname(path), { recursive: true });
  const reasons: string[] = [];
  for (const way of ways) {
    report(`no NATS server yet: fetching one from ${way.name}`);
    try {
      await way.fetch(path, signal);
      const version = await askNatsVersion(path);
      if (version && isAtLeast(version, minimumNatsVersion)) return { path, version, source: way.name };
      reasons.push(`${way.name}: it is ${version ?? "no program for this machine"}`);
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(`${way.name}: ${readReason(error)}`);
    }
  }
  throw new Error(
    `no NATS server >= ${minimumNatsVersion} was found or could be fetched (${reasons.join("; ")}). ` +
      "Three ways to get one: install nats-server so that it is on PATH; point NATS_SERVER_BIN at one " +
      "(https://github.com/nats-io/nats-server/releases); or set NATS_URL to a server that runs elsewhere.",
  );
}

function readReason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = message === "fetch failed" ? (cause?.code ?? cause?.message ?? message) : message;
  return reason.trim().split("\n").slice(-1)[0] ?? reason;
}

function defaultCache(environment: Record<string, string | undefined>): string {
  return join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache"), "tirage");
}
