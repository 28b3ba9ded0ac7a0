import type { FastifyReply } from "fastify";
import type { Provider } from "./submission.ts";

/** A request that asked for a submission, and how it was answered. Times are milliseconds since the epoch. */
export interface SubmitRequest {
  readonly provider: Provider;
  readonly arrivedAt: number;
  /** When the answer had left whole, or the connection had ended without one; null until then. */
  answeredAt: number | null;
  /** Null without an answer. */
  status: number | null;
}

/** Every request that asked for a submission, refused ones included. */
export interface SubmitLog {
  /** Notes a request now, and its answer when it has left. */
  follow(provider: Provider, reply: FastifyReply): void;
  /** The newest `limit`, in order of arrival. */
  newest(limit: number): readonly SubmitRequest[];
  reset(): void;
}

/** Keeps the newest `maxRows` in memory. */
export function createSubmitLog({ maxRows }: { readonly maxRows: number }): SubmitLog {
  let rows: SubmitRequest[] = [];
  return {
    follow(provider, reply) {
      const arrivedAt = Math.floor(Date.now() - reply.elapsedTime);
      const row: SubmitRequest = { provider, arrivedAt, answeredAt: null, status: null };
      const { raw } = reply;
      raw.once("finish", () => {
        row.status = raw.statusCode;
      });
      // Comes after `finish`, and alone when the connection was reset.
      raw.once("close", () => {
        row.answeredAt = Date.now();
      });
      rows.push(row);
      // A tenth of the rows at a time, so that the copy is rare.
      if (rows.length >= maxRows * 1.1) rows = rows.slice(-maxRows);
    },
    newest: (limit) => (limit === 0 ? [] : rows.slice(-limit)),
    reset() {
      rows = [];
    },
  };
}
