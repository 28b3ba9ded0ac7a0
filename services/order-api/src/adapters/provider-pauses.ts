/**
 * Pauses that people asked for. Their truth is a row in Postgres, which generators read before they submit. The pause of
 * the provider's consumer keeps its work in the queue meanwhile; it is made again should the broker lose it, or should a
 * generator's own pause, which ends, have taken its place.
 */
import { gateChanged, isPausedForGood, type ProviderPause, pausedForGood, workConsumer } from "@tirage/contracts";
import { type Broker, broadcast, holdConsumer, type Logger, readHold, resumeConsumer } from "@tirage/messaging";
import type pg from "pg";
import type { ProviderPauses } from "../ports.ts";
import { orMissing } from "./missing-consumer.ts";

export interface ProviderPausesOptions {
  readonly pool: pg.Pool;
  readonly broker: () => Broker | undefined;
  readonly logger: Logger;
  /** The enabled providers and how many calls each may run. */
  readonly providerConcurrency: Readonly<Record<string, number>>;
}

const keepEveryMs = 2_000;

const listText = `SELECT provider, paused_at AS "pausedAt" FROM provider_pauses`;
const pauseText = "INSERT INTO provider_pauses (provider) VALUES ($1) ON CONFLICT DO NOTHING";
const resumeText = "DELETE FROM provider_pauses WHERE provider = $1";

export function createProviderPauses(options: ProviderPausesOptions): ProviderPauses & AsyncDisposable {
  const { pool, broker, providerConcurrency, logger } = options;
  const connected = () => {
    const current = broker();
    return current?.isConnected() ? current : undefined;
  };
  const consumerOf = (provider: string) => workConsumer(provider, providerConcurrency[provider] ?? 0);
  const hold = (to: Broker, provider: string) => orMissing(holdConsumer(to, consumerOf(provider), pausedForGood));
  const list = async (): Promise<ProviderPause[]> => {
    const { rows } = await pool.query<{ provider: string; pausedAt: Date }>({ name: "list-pauses", text: listText });
    return rows.map(({ provider, pausedAt }) => ({ provider, pausedAt: pausedAt.toISOString() }));
  };
  // What a pause and a resume at once, or one that was cut short, have left is set right here, too.
  const keepOne = async (to: Broker, provider: string) => {
    const held = await orMissing(readHold(to, consumerOf(provider)));
    const isHeld = held !== undefined && isPausedForGood(held);
    const isPaused = (await list()).some((pause) => pause.provider === provider);
    if (isPaused && !isHeld) await hold(to, provider);
    if (!isPaused && isHeld) await resumeConsumer(to, consumerOf(provider));
  };
  const keep = async () => {
    const current = connected();
    if (!current) return;
    try {
      for (const provider of Object.keys(providerConcurrency)) await keepOne(current, provider);
    } catch (error) {
      logger.debug({ error: String(error) }, "pauses cannot be kept up yet");
    }
  };
  let keeping: Promise<void> | undefined;
  const timer = setInterval(() => {
    keeping ??= keep().finally(() => {
      keeping = undefined;
    });
  }, keepEveryMs);
  timer.unref();
  return {
    list,
    async pause(provider) {
      const current = connected();
      if (!current) return undefined;
      await pool.query(pauseText, [provider]);
      const until = pausedForGood.toISOString();
      broadcast(current, gateChanged.create({ provider, change: "paused", until }));
      // The row is the pause: what the broker does not take now is made up for by `keep`.
      await hold(current, provider).catch((error: unknown) => {
        logger.warn({ provider, err: error }, "a paused provider's queue is not held yet");
      });
      return (await list()).find((pause) => pause.provider === provider) ?? { provider, pausedAt: null };
    },
    async resume(provider) {
      const current = connected();
      if (!current) return undefined;
      await pool.query(resumeText, [provider]);
      await orMissing(resumeConsumer(current, consumerOf(provider)));
      broadcast(current, gateChanged.create({ provider, change: "resumed" }));
      return { provider, pausedAt: null };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await keeping;
    },
  };
}
