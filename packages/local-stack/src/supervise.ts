import { setTimeout as delay } from "node:timers/promises";
import { computePauseMs, provenAfterMs } from "./backoff.ts";
import type { ProcessEnd } from "./infrastructure/index.ts";
import { StackError } from "./stack-error.ts";

/** Something that runs until it ends or is stopped. */
export interface Running {
  readonly pid: number;
  readonly exited: Promise<ProcessEnd>;
  /** Where to look when it dies. */
  readonly logFile: string;
  kill(signal: NodeJS.Signals): void;
  stop(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  /** Resolves when it is ready. Rejects, with nothing left running, when it ends before or the signal is aborted. */
  start: (signal: AbortSignal) => Promise<Running>;
  /** Told in one line about every death and return. */
  report: (line: string) => void;
}

/** A process that is kept running: what dies is started again, after a pause that grows with every death in a row. */
export interface Supervised {
  readonly name: string;
  /** Of the process that runs now; undefined while there is none. */
  readonly pid: number | undefined;
  /** How often it was started again after a death. */
  readonly restarts: number;
  /** Sends a signal to what runs now. What it kills is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it is ready. A first start is tried three times. */
  start(): Promise<void>;
  /** Resolves when it has ended; it stays down until `start`. */
  stop(): Promise<void>;
  /** Stops it in its own good order and starts it again. */
  restart(): Promise<void>;
}

const startTries = 3;

/**
 * Down until `start`. Then starting, running, and after a death waiting, starting again, and so on until `stop`, which
 * ends whichever of these it is in and resolves once nothing runs.
 */
export function supervise(options: SuperviseOptions): Supervised {
  return new Supervisor(options);
}

class Supervisor implements Supervised {
  readonly name: string;
  readonly #options: SuperviseOptions;
  #current: Running | undefined;
  #stopping = abortedController();
  /** The start and the loop that keeps it running; resolves once it is stopped. */
  #settled: Promise<void> = Promise.resolve();
  #deaths = 0;
  #restarts = 0;

  constructor(options: SuperviseOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get pid() {
    return this.#current?.pid;
  }

  get restarts() {
    return this.#restarts;
  }

  kill(signal: NodeJS.Signals) {
    this.#current?.kill(signal);
  }

  async start() {
    if (!this.#stopping.signal.aborted) await this.stop();
    this.#stopping = new AbortController();
    this.#deaths = 0;
    const { signal } = this.#stopping;
    const first = this.#startFirst(signal);
    // A failed first start is told to who called start; later ones end here only when aborted.
    this.#settled = first.then((running) => this.#keepRunning(running, signal)).catch(() => {});
    await first;
  }

  async stop() {
    this.#stopping.abort();
    await this.#current?.stop();
    await this.#settled;
    this.#current = undefined;
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  async #startOnce(signal: AbortSignal): Promise<Running> {
    signal.throwIfAborted();
    const running = await this.#options.start(signal);
    if (signal.aborted) {
      await running.stop();
      signal.throwIfAborted();
    }
    this.#current = running;
    return running;
  }

  async #startFirst(signal: AbortSignal): Promise<Running> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#startOnce(signal);
      } catch (error) {
        if (error instanceof StackError || signal.aborted || attempt === startTries) throw error;
        await delay(computePauseMs(attempt), undefined, { signal });
      }
    }
  }

  async #startAgain(signal: AbortSignal): Promise<Running> {
    const { name, report } = this.#options;
    for (;;) {
      this.#deaths += 1;
      await delay(computePauseMs(this.#deaths), undefined, { signal });
      try {
        const running = await this.#startOnce(signal);
        this.#restarts += 1;
        report(`${name} is back (process ${running.pid})`);
        return running;
      } catch (error) {
        if (signal.aborted) throw error;
        report(`${name} did not start: ${firstLine(error)}; next try in ${this.#nextPauseSeconds()} s`);
      }
    }
  }

  async #keepRunning(first: Running, signal: AbortSignal): Promise<void> {
    const { name, report } = this.#options;
    for (let running = first; ; running = await this.#startAgain(signal)) {
      const since = Date.now();
      const end = await running.exited;
      this.#current = undefined;
      if (signal.aborted) return;
      if (Date.now() - since >= provenAfterMs) this.#deaths = 0;
      const again = `it is started again in ${this.#nextPauseSeconds()} s`;
      report(`${name} ended (${describeEnd(end)}): ${again}; log: ${running.logFile}`);
    }
  }

  #nextPauseSeconds(): number {
    return computePauseMs(this.#deaths + 1) / 1000;
  }
}

function abortedController(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}

export function describeEnd({ code, signal }: ProcessEnd): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
