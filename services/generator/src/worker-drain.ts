/**
 * A worker that was told to take no new work: what it runs ends here, in its own time, and its presence says how much is
 * left. The wish lives as long as this process; order-api keeps it and tells it again until the presence says so.
 */
import { type Drain, drainChanged } from "@tirage/contracts";
import { type Broker, type Logger, type PausableConsumption, watchSubject } from "@tirage/messaging";

export interface WorkerDrainOptions {
  readonly broker: Broker;
  readonly workerId: string;
  /** Of all its providers. */
  readonly consumptions: readonly PausableConsumption[];
  readonly logger: Logger;
  /** What `read` answers has changed. */
  readonly onChanged: () => void;
}

export interface WorkerDrain extends Disposable {
  /** Undefined while it takes work. */
  read(): Drain | undefined;
}

/** How soon it is told that another generation has ended. */
const lookEveryMs = 100;

/** Listens until disposed. */
export function createWorkerDrain(options: WorkerDrainOptions): WorkerDrain {
  const { broker, workerId, consumptions, logger, onChanged } = options;
  let since: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const read = (): Drain | undefined => {
    if (since === undefined) return undefined;
    const left = consumptions.reduce((sum, { running }) => sum + running, 0);
    const isDrained = left === 0 && consumptions.every(({ intake }) => intake.isDry);
    return { state: isDrained ? "drained" : "draining", left, since };
  };
  const look = (told: Drain | undefined) => {
    const drain = read();
    if (drain?.state !== told?.state || drain?.left !== told?.left) onChanged();
    if (drain?.state === "drained") return logger.info({ since }, "worker is drained");
    timer = setTimeout(look, lookEveryMs, drain);
  };
  const heed = (wish: string | undefined) => {
    if (wish === since) return;
    logger.info({ since: wish ?? null }, wish ? "worker takes no new work" : "worker takes work again");
    since = wish;
    for (const { intake } of consumptions) wish ? intake.close() : intake.open();
    clearTimeout(timer);
    onChanged();
    if (wish) look(read());
  };
  const hints = watchSubject(broker, `drain.${workerId}`, drainChanged, (told) => heed(told.since ?? undefined));
  return {
    read,
    [Symbol.dispose]() {
      hints[Symbol.dispose]();
      clearTimeout(timer);
    },
  };
}
