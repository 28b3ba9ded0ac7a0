/** `npm run test:faults -- --items 2000 --kills 200 --seed 1`: prints what was found; exit code 1 on a violation. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { defaultFailpoints } from "./failpoint-strikes.ts";
import { type RunResult, run } from "./run.ts";
import { type FaultKind, faultKinds } from "./schedule.ts";

const usage = `Usage: npm run test:faults -- [--items 2000] [--kills 200] [--seed 1] [--generators 3] [--failpoints ${defaultFailpoints}] [--faults ${faultKinds.join(",")}]
`;

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "2000" },
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    generators: { type: "string", default: "3" },
    faults: { type: "string", default: faultKinds.join(",") },
    // Off unless asked for: they stay armed while the orders are to end, and 2,000 items then take very long.
    failpoints: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

const show = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([name, number]) => `${name} ${number}`)
    .join(", ") || "none";

const neverStruck = (dials: Readonly<Record<string, number>>) =>
  Object.keys(dials)
    .filter((name) => dials[name] === 0)
    .join(", ") || "none";

function print(result: RunResult, seed: number): void {
  const { totals, violations } = result;
  const lines = [
    `orders      ${result.promised} promised: ${show(result.orders)}`,
    `items       ${show(result.items)}; failures: ${show(result.failures)}`,
    `unknown     decided by ${show(result.recoveries)}; left undecided ${result.failures.outcome_unknown ?? 0}`,
    `struck      ${show(result.strikes)}; ${result.missed} met nobody; ${result.restarts} processes started again`,
    `failpoints  ${show(result.failpoints)}`,
    `dials       ${show(result.dials)}; never struck: ${neverStruck(result.dials)}`,
    `ledger      ${show(totals)}`,
    `quiet       ${(result.quietAfterMs / 1_000).toFixed(1)} s after the last fault; ${(result.tookMs / 1_000).toFixed(0)} s in all`,
    ...violations.map((violation) => `VIOLATION   ${violation}`),
    violations.length === 0
      ? `seed ${seed}: 0 lost, ${totals.paidTwice} bought twice, all ended`
      : `seed ${seed}: ${violations.length} violations`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

if (values.help) {
  process.stdout.write(usage);
} else {
  const kinds = values.faults
    .split(",")
    .filter((kind): kind is FaultKind => faultKinds.some((known) => known === kind));
  const dataDirectory = await mkdtemp(join(tmpdir(), "tirage-faults-"));
  const seed = Number(values.seed);
  const result = await run({
    ...{ items: Number(values.items), kills: Number(values.kills), seed, kinds, dataDirectory },
    generators: Number(values.generators),
    environment: process.env,
    failpoints: values.failpoints,
    report: (line) => process.stdout.write(`${line}\n`),
  });
  print(result, seed);
  if (result.violations.length > 0) process.exitCode = 1;
  else await rm(dataDirectory, { recursive: true, force: true });
}
