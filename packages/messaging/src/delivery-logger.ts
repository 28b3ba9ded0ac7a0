import type { Logger } from "./logger.ts";

/**
 * Logs with fields that are put together when the first line is written: most deliveries write none, and a child of
 * pino's for each was a tenth of the CPU of handling one.
 */
export class DeliveryLogger implements Logger {
  readonly #parent: Logger;
  readonly #fields: () => object;
  #child: Logger | undefined;

  constructor(parent: Logger, fields: () => object) {
    this.#parent = parent;
    this.#fields = fields;
  }

  debug(fields: object, message: string): void {
    this.#open().debug(fields, message);
  }

  info(fields: object, message: string): void {
    this.#open().info(fields, message);
  }

  warn(fields: object, message: string): void {
    this.#open().warn(fields, message);
  }

  error(fields: object, message: string): void {
    this.#open().error(fields, message);
  }

  child(fields: object): Logger {
    return new DeliveryLogger(this.#open(), () => fields);
  }

  #open(): Logger {
    this.#child ??= this.#parent.child(this.#fields());
    return this.#child;
  }
}
