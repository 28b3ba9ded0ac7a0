// What applying item events costs: `node tests/performance/apply-events.ts` (Node 24) prints it for a fresh Postgres.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPool, migrate } from "@tirage/database";
import { startPostgres } from "@tirage/local-stack/infrastructure";
import {
  createRollupStore,
  rollupSessionSettings,
} from "../../services/status-aggregator/src/adapters/rollup-store.ts";
import { foldItemEvents, type ItemEvent } from "../../services/status-aggregator/src/domain/fold-item-events.ts";
import { insertOrder } from "../../services/status-aggregator/test/insert-order.ts";
import { completed } from "../../services/status-aggregator/test/item-events.ts";

type Pool = ReturnType<typeof createPool>;

const rounds = 3;
const ordersPerRound = 2_000;
const itemsPerOrder = 10;
const outputsPerItem = 4;
const batchSizes = [50, 500, 2_000];
/** Linux counts the time of a process in hundredths of a second. */
const tickMicroseconds = 10_000;

/** Completions of all items of new orders; neighbours are of the same few orders, as they arrive from several workers. */
async function createEvents(pool: Pool): Promise<ItemEvent[]> {
  const events: ItemEvent[] = [];
  for (let order = 0; order < ordersPerRound; order += 1) {
    const quantity = itemsPerOrder * outputsPerItem;
    const { id: orderId } = await insertOrder(pool, { quantity, batchSize: outputsPerItem });
    for (let index = 0; index < itemsPerOrder; index += 1) {
      events.push(completed({ orderId, index }, { requested: outputsPerItem, produced: outputsPerItem }));
    }
  }
  await pool.query("VACUUM ANALYZE order_items");
  await pool.query("CHECKPOINT");
  return events;
}

/** User and system time of the connection's Postgres process; NaN where there is no /proc. */
async function readBackendMicroseconds(processId: number): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, "utf8").catch(() => "");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMicroseconds;
}

async function measure(pool: Pool, batchSize: number): Promise<string> {
  const events = await createEvents(pool);
  const { rows } = await pool.query<{ processId: number }>(`SELECT pg_backend_pid() AS "processId"`);
  const processId = rows[0]?.processId ?? 0;
  const store = createRollupStore(pool);
  const backendBefore = await readBackendMicroseconds(processId);
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let first = 0; first < events.length; first += batchSize) {
    await store.apply(foldItemEvents(events.slice(first, first + batchSize)));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const backend = (await readBackendMicroseconds(processId)) - backendBefore;
  const perEvent = (microseconds: number) => `${(microseconds / events.length).toFixed(0)} µs`;
  const rate = `${(events.length / seconds).toFixed(0)} events/s`;
  return `batches of ${batchSize}: ${rate}, CPU per event: aggregator ${perEvent(user + system)}, Postgres ${perEvent(backend)}`;
}

const print = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), "tirage-apply-events-"));
try {
  await using postgres = await startPostgres({ dataDirectory: join(folder, "data") });
  await migrate(postgres.url);
  const pool = createPool({
    databaseUrl: postgres.url,
    applicationName: "apply-events",
    max: 1,
    onError: ({ message }) => print(message),
    sessionSettings: rollupSessionSettings,
  });
  print(`${ordersPerRound} orders × ${itemsPerOrder} items × ${outputsPerItem} outputs in each round`);
  for (let round = 0; round < rounds; round += 1) {
    for (const batchSize of batchSizes) print(await measure(pool, batchSize));
  }
  await pool.end();
} finally {
  await rm(folder, { recursive: true, force: true });
}
