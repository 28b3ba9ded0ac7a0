import { explainFailure } from "../explain-failure.ts";
import type { Session } from "../session.ts";

/**
 * Does something with each order, once, and answers for how many it could not be done: such a one is told, and keeps no
 * other from its turn. What would fail for every one of them, a key that is not known for example, is thrown.
 */
export async function forEachOrder(
  { output, signal, apiUrl }: Session,
  ids: readonly string[],
  act: (id: string) => Promise<void>,
): Promise<number> {
  let refused = 0;
  for (const id of new Set(ids)) {
    try {
      await act(id);
    } catch (error) {
      signal.throwIfAborted();
      const { message, advice } = explainFailure(error, apiUrl);
      // Advice is of the installation, not of the order.
      if (advice !== undefined) throw error;
      output.warn(`order ${id}: ${message}`);
      refused += 1;
    }
  }
  return refused;
}
