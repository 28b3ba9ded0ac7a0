import { output } from "@tirage/contracts";
import { expect, test } from "vitest";
import { createNullProvider } from "./null-provider.ts";

test("null provider: batch of three, three distinct outputs that a message may carry", () => {
  const outputs = createNullProvider().generate({ batchSize: 3, seed: 4_294_967_295 });

  expect(outputs.map((each) => output.parse(each).index)).toEqual([0, 1, 2]);
  expect(new Set(outputs.map(({ storageKey }) => storageKey)).size).toBe(3);
  expect(outputs[0]).toMatchObject({
    bytes: 0,
    width: 0,
    height: 0,
    sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    seed: 4_294_967_295,
  });
});
