/** How the command ends, other than well. */

/** As the shell sees it. A signal's is 128 and its number. */
export const exitCodes = { done: 0, failed: 1, usage: 2, SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The command line, or a file that it names, cannot be followed: nothing was done. */
export class UsageError extends Error {
  /** Every fault, one a line, below the message. */
  readonly faults: readonly string[];

  constructor(message: string, faults: readonly string[] = []) {
    super(message);
    this.name = "UsageError";
    this.faults = faults;
  }
}

/** What was asked could not be done, or did not come out well. */
export class CommandFailure extends Error {
  /** What to do about it. */
  readonly advice: string | undefined;

  constructor(message: string, { advice, ...options }: ErrorOptions & { advice?: string } = {}) {
    super(message, options);
    this.name = "CommandFailure";
    this.advice = advice;
  }
}

/** The command has said itself what failed. */
export class SaidAlready extends Error {
  constructor() {
    super("failed");
    this.name = "SaidAlready";
  }
}
