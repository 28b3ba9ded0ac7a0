import { errors } from "@nats-io/transport-node";

/** The client's own errors: nothing came back. What the broker answered is another matter. */
const kinds = [
  errors.TimeoutError,
  errors.RequestError,
  errors.NoRespondersError,
  errors.ConnectionError,
  errors.DrainingConnectionError,
  errors.ClosedConnectionError,
];

const isUnanswered = (error: unknown): boolean => kinds.some((kind) => error instanceof kind);

/** Whether the broker did not answer, itself or its JetStream, and may be asked again. */
export const isBrokerAway = (error: unknown): boolean =>
  isUnanswered(error) || (error instanceof Error && isUnanswered(error.cause));

/** Waits so long for an answer, which is mostly the broker's. @throws an error of which `isBrokerAway` is true. */
export async function withinTime<Answer>(answer: Promise<Answer>, timeoutMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new errors.TimeoutError()), timeoutMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
