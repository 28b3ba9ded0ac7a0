/** Cancel: what is queued stops at once and for nothing, what runs tells what became of it. The sandbox's ledger is the judge. */
import { eventually } from "@tirage/testkit";
import { expect, test } from "vitest";
import { falModel, placeOrder, readOrder, replicateModel, untilEnded } from "./order-request.ts";
import { useStack } from "./start-stack.ts";

interface CancelledItem {
  index: number;
  status: string;
  outcome: string | null;
  providerRequestId: string | null;
}
interface Submission {
  id: string;
  billed: boolean;
  submittedAt: string;
}

const stack = useStack(() => ({ environment: { SANDBOX_LATENCY_MS: "3000" } }));

async function getJson<Body>(url: string): Promise<Body> {
  const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
  expect(response.status).toBe(200);
  return (await response.json()) as Body;
}

const cancel = (id: string) =>
  fetch(`${stack().apiUrl}/v1/orders/${id}/cancel`, { method: "POST", signal: AbortSignal.timeout(10_000) });

async function listItems(id: string): Promise<CancelledItem[]> {
  const items: CancelledItem[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const query: string = `limit=500${cursor ? `&cursor=${cursor}` : ""}`;
    const page: { data: CancelledItem[]; nextCursor: string | null } = await getJson(
      `${stack().apiUrl}/v1/orders/${id}/items?${query}`,
    );
    items.push(...page.data);
    cursor = page.nextCursor;
  }
  return items;
}

test.each([falModel, replicateModel])(
  "fault 47: an order of 1,010 at $provider is cancelled while ten run, the queued stop at once and the ten tell the truth",
  async (model) => {
    const order = await placeOrder(stack().apiUrl, { ...model, prompt: "a pier", generations: 1_010 });
    await eventually(async () => (await readOrder(stack().apiUrl, order.id)).progress.items.processing === 10, {
      timeoutMs: 30_000,
    });
    const cancelledAt = Date.now();
    expect((await cancel(order.id)).status).toBe(202);

    const ended = await untilEnded(stack().apiUrl, order.id);
    const items = await listItems(order.id);
    const { submissions } = await getJson<{ submissions: Submission[] }>(`${stack().sandboxUrl}/__ledger?limit=5000`);
    const byId = new Map(submissions.map((submission) => [submission.id, submission]));
    for (const item of items) {
      const submission = byId.get(item.providerRequestId ?? "");
      if (submission) expect(Date.parse(submission.submittedAt)).toBeLessThan(cancelledAt + 1_000);
      if (item.status === "completed") expect(submission?.billed).toBe(true);
      else if (submission) expect(item.outcome).toBe(submission.billed ? "billed" : "aborted");
      else expect(item).toMatchObject({ outcome: "not_started", workerId: null });
    }
    expect(items).toHaveLength(1_010);
    expect(items.filter(({ outcome }) => outcome === "not_started").length).toBeGreaterThanOrEqual(980);
    expect(ended.progress.items).toMatchObject({ pending: 0, processing: 0, failed: 0 });
    expect((await cancel(order.id)).status).toBe(409);
  },
  120_000,
);
