/**
 * The outputs that were asked for, the first by index: a place in the order is a full batch wide, and what is beyond it
 * would stand in the place of another generation's output. Pure.
 */
export function keepAskedOutputs<Output extends { readonly index: number }>(
  outputs: readonly Output[],
  batchSize: number,
): readonly Output[] {
  const kept = outputs.toSorted((one, other) => one.index - other.index).slice(0, batchSize);
  if (kept.every(({ index }) => index < batchSize)) return kept;
  return kept.map((output, index) => ({ ...output, index }));
}
