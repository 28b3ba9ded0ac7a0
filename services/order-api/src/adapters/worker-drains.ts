/**
 * Drains that people asked for. Their truth is a row in Postgres; a worker obeys what it is told, and tells in its presence
 * what it has heard. So what it should have heard and has not is told again, after a lost hint as after a race.
 */
import { drainChanged, type Worker } from "@tirage/contracts";
import { type Broker, broadcast, type Logger, readPresence } from "@tirage/messaging";
import type pg from "pg";
import { forgottenDrains, showDrain } from "../domain/worker-drain.ts";
import type { WorkerDrains } from "../ports.ts";

export interface WorkerDrainsOptions {
  readonly pool: pg.Pool;
  readonly broker: () => Broker | undefined;
  readonly logger: Logger;
}

const keepEveryMs = 2_000;

const listText = `SELECT worker_id AS "workerId", asked_at AS "askedAt" FROM worker_drains`;
const drainText = "INSERT INTO worker_drains (worker_id) VALUES ($1) ON CONFLICT DO NOTHING";
const resumeText = "DELETE FROM worker_drains WHERE worker_id = $1";
const forgetText = "DELETE FROM worker_drains WHERE worker_id = ANY($1)";

export function createWorkerDrains({ pool, broker, logger }: WorkerDrainsOptions): WorkerDrains & AsyncDisposable {
  const connected = () => {
    const current = broker();
    return current?.isConnected() ? current : undefined;
  };
  const list = async (): Promise<ReadonlyMap<string, string>> => {
    const { rows } = await pool.query<{ workerId: string; askedAt: Date }>({ name: "list-drains", text: listText });
    return new Map(rows.map(({ workerId, askedAt }) => [workerId, askedAt.toISOString()]));
  };
  const listWorkers = async (from: Broker) =>
    (await readPresence(from)).filter(({ service }) => service === "generator");
  /** Since when the workers of rows are seen nowhere; empty again whenever the broker is away, which knows no one then. */
  let absentSinceMs: ReadonlyMap<string, number> = new Map();

  const keep = async () => {
    const current = connected();
    if (!current) {
      absentSinceMs = new Map();
      return;
    }
    const workers = await listWorkers(current);
    // After the presence: a wish that is younger than what is read of its worker is told twice, which changes nothing.
    const wishes = await list();
    for (const { id, drain } of workers) {
      const since = wishes.get(id) ?? null;
      if (since !== (drain?.since ?? null)) broadcast(current, drainChanged.create({ workerId: id, since }));
    }
    const ids = new Set(workers.map(({ id }) => id));
    const found = forgottenDrains({ wished: wishes.keys(), present: ids, absentSinceMs, nowMs: Date.now() });
    absentSinceMs = found.absentSinceMs;
    if (found.forgotten.length === 0) return;
    await pool.query(forgetText, [found.forgotten]);
    logger.info({ workers: found.forgotten }, "drains of workers that are gone are forgotten");
  };
  const change = async (workerId: string, text: string): Promise<Worker | "unknown" | undefined> => {
    const current = connected();
    if (!current) return undefined;
    const worker = (await listWorkers(current)).find(({ id }) => id === workerId);
    if (!worker) return "unknown";
    await pool.query(text, [workerId]);
    const since = (await list()).get(workerId);
    broadcast(current, drainChanged.create({ workerId, since: since ?? null }));
    return showDrain(worker, since);
  };
  let keeping: Promise<void> | undefined;
  const timer = setInterval(() => {
    keeping ??= keep()
      .catch((error: unknown) => logger.debug({ error: String(error) }, "drains cannot be kept up yet"))
      .finally(() => {
        keeping = undefined;
      });
  }, keepEveryMs);
  timer.unref();
  return {
    list,
    drain: (workerId) => change(workerId, drainText),
    resume: (workerId) => change(workerId, resumeText),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await keeping;
    },
  };
}
