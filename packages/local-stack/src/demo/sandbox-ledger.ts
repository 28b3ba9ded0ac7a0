/** The provider's side of the demo: what the sandbox sold, and which faults it made. */
import { z } from "zod";

const timeoutMs = 10_000;

const ledgerAnswer = z.object({
  submissions: z.array(
    z.object({
      input: z.object({ seed: z.number().optional() }),
      images: z.int().min(0),
      billed: z.boolean(),
    }),
  ),
});
const controlAnswer = z.object({ rules: z.array(z.object({ strikes: z.int().min(0) })) });

type Submission = z.infer<typeof ledgerAnswer>["submissions"][number];

/** What the sandbox charged for some generations. */
export interface Bill {
  /** Calls it accepted. */
  readonly accepted: number;
  /** Outputs it charges for. */
  readonly paid: number;
  /** Calls it charges for although it had charged the same generation before. */
  readonly paidTwice: number;
}

/** The bill of the generations with these seeds; the ledger may hold those of other orders too. */
export async function readBill(sandboxUrl: string, seeds: ReadonlySet<number>): Promise<Bill> {
  const { submissions } = ledgerAnswer.parse(await ask(`${sandboxUrl}/__ledger`));
  return addUp(submissions, seeds);
}

export function addUp(submissions: readonly Submission[], seeds: ReadonlySet<number>): Bill {
  const charged = new Set<number>();
  const bill = { accepted: 0, paid: 0, paidTwice: 0 };
  for (const { input, images, billed } of submissions) {
    const { seed } = input;
    if (seed === undefined || !seeds.has(seed)) continue;
    bill.accepted += 1;
    if (!billed) continue;
    bill.paid += images;
    if (charged.has(seed)) bill.paidTwice += 1;
    charged.add(seed);
  }
  return bill;
}

/** Lets these rules take the place of those in force. */
export async function setRules(sandboxUrl: string, rules: readonly object[]): Promise<void> {
  await ask(`${sandboxUrl}/__control`, { rules });
}

/** How often each rule in force has struck, in their order. */
export async function readStrikes(sandboxUrl: string): Promise<number[]> {
  const { rules } = controlAnswer.parse(await ask(`${sandboxUrl}/__control`));
  return rules.map(({ strikes }) => strikes);
}

async function ask(url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, {
    ...(body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
