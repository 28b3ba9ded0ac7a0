import { hash } from "node:crypto";
import { type Output, unbilledProvider } from "@tirage/contracts";
import type { UnbilledProvider } from "../ports.ts";

const emptySha256 = hash("sha256", "", "hex");

/**
 * The no-op provider of the benchmark: names as many outputs as asked, at once. Nothing is called, fetched or stored;
 * the storage keys lead nowhere.
 */
export function createNullProvider(): UnbilledProvider {
  return {
    name: unbilledProvider,
    generate: ({ batchSize, seed }) =>
      Array.from(
        { length: batchSize },
        (_, index): Output => ({
          index,
          storageKey: `${unbilledProvider}/${seed}/${index}`,
          contentType: "application/octet-stream",
          bytes: 0,
          width: 0,
          height: 0,
          sha256: emptySha256,
          seed,
        }),
      ),
  };
}
