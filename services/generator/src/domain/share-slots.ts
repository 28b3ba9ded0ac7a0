/**
 * How many generations of each provider one replica runs at once.
 *
 * `concurrency` is each provider's limit over all replicas, `workerConcurrency` what this replica can run. When all
 * limits fit, a replica may run each provider at its limit. Otherwise every provider gets one slot, also when there are
 * more providers than slots (one without a slot would never run), and the others are shared in proportion to what each
 * could still use; what rounding leaves over goes to the largest remainders.
 */
export function shareSlots(
  concurrency: Readonly<Record<string, number>>,
  workerConcurrency: number,
): Record<string, number> {
  const entries = Object.entries(concurrency);
  const wanted = entries.reduce((sum, [, limit]) => sum + limit, 0);
  if (wanted <= workerConcurrency) return { ...concurrency };
  const shared = Math.max(0, workerConcurrency - entries.length);
  const shares = entries.map(([provider, limit]) => {
    const exact = shared === 0 ? 0 : (shared * (limit - 1)) / (wanted - entries.length);
    return { provider, slots: 1 + Math.floor(exact), remainder: exact % 1 };
  });
  const given = shares.reduce((sum, { slots }) => sum + slots - 1, 0);
  const byRemainder = [...shares].sort((one, other) => other.remainder - one.remainder);
  for (const share of byRemainder.slice(0, shared - given)) share.slots += 1;
  return Object.fromEntries(shares.map(({ provider, slots }) => [provider, slots]));
}
