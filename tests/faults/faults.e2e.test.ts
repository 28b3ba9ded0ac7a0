/** The fault suite in a minute: `npm run test:faults` is the same with more of everything. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "./run.ts";

test("faults 10, 12, 15, 20, 21, 28: processes killed, broker killed and wiped, Postgres restarted, every order ends and nothing is paid twice", async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "tirage-faults-"));
  const result = await run({
    ...{ items: 120, kills: 14, seed: 3, dataDirectory, environment: process.env },
    kinds: ["kill", "broker-kill", "broker-wipe", "postgres-restart"],
    onUnknownSubmit: { policy: "fail", graceMs: 25_000 },
    report: () => undefined,
  });
  expect(result.violations).toEqual([]);
  expect(result.totals).toMatchObject({ paidTwice: 0 });
  expect(Object.keys(result.dials).filter((fault) => result.dials[fault] === 0)).toEqual([]);
  expect(result.promised).toBeGreaterThan(0);
  await rm(dataDirectory, { recursive: true, force: true });
}, 300_000);
