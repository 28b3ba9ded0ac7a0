import type { TestStack } from "../e2e/start-stack.ts";

interface SandboxLedger {
  submissions: { input: { prompt: string }; finishedAt: string | null }[];
}

/** When the sandbox had the first images of this prompt, in milliseconds since 1970; undefined while it has none. */
export async function readFirstDelivery({ sandboxUrl }: TestStack, prompt: string): Promise<number | undefined> {
  const response = await fetch(`${sandboxUrl}/__ledger?limit=1000`, { signal: AbortSignal.timeout(10_000) });
  const { submissions } = (await response.json()) as SandboxLedger;
  const times = submissions
    .filter(({ input }) => input.prompt === prompt)
    .flatMap(({ finishedAt }) => (finishedAt === null ? [] : Date.parse(finishedAt)));
  return times.length > 0 ? Math.min(...times) : undefined;
}
