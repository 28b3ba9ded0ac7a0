/** What the command is run in: everything that it reads, writes and asks. `main.ts` gives the process's own. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Whether somebody is there to answer a question. */
  readonly canAsk: boolean;
  /** Aborts when the command is asked to end, with an `Interrupted` as its reason, or because nobody reads any more. */
  readonly signal: AbortSignal;
  readonly ask: Questions;
}

export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Questions to a person. */
export interface Questions {
  /** False also when the question was left by Ctrl-C. */
  confirm(message: string): Promise<boolean>;
}

export type EndingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

/** Somebody wants the command to end. */
export class Interrupted extends Error {
  readonly by: EndingSignal;

  constructor(by: EndingSignal) {
    super(`ended by ${by}`);
    this.name = "Interrupted";
    this.by = by;
  }
}

/** Nobody reads what is written, as after `| head`: there is no reason to go on, and nothing to complain about. */
export class NobodyReads extends Error {
  constructor() {
    super("nobody reads the output");
    this.name = "NobodyReads";
  }
}
