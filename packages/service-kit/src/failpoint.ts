/**
 * Places where a fault test may end or freeze a process, each between two steps whose order matters. Without
 * TIRAGE_FAILPOINTS a failpoint does nothing.
 */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";

/** The closed list; a name says between which steps it lies. */
export const failpointNames = [
  "before_claim",
  "after_claim",
  "before_submit",
  // Between the provider's answer and the checkpoint: what was bought is known to this process alone.
  "after_accept",
  "after_checkpoint",
  "after_store",
  "after_finish",
  "after_stop",
  "mid_fan_out",
  "after_work_before_entry",
  "before_commit",
  "after_commit",
  "before_insert",
  "after_insert",
  "after_publish_before_mark",
  "after_publish_before_removal",
  "after_delete_before_blobs",
] as const;
export type FailpointName = (typeof failpointNames)[number];

/** `kill` is SIGKILL of itself, `stop` is SIGSTOP: frozen until somebody sends SIGCONT. */
type FailpointAction = "kill" | "stop";

export interface FailpointRule {
  readonly action: FailpointAction;
  /** 0 to 1, drawn at every passage. */
  readonly probability: number;
}
export type FailpointRules = ReadonlyMap<FailpointName, FailpointRule>;

const rulePattern = /^(?<name>[a-z_]+)=(?<action>kill|stop)@(?<probability>\d+(\.\d+)?)$/;
const isName = (text: string): text is FailpointName => failpointNames.some((name) => name === text);

/** Reads `after_accept=kill@0.05,before_claim=stop@0.02`. Throws for an unknown name, action or probability. */
export function parseFailpoints(text: string): FailpointRules {
  const rules = new Map<FailpointName, FailpointRule>();
  for (const part of text.split(",").map((part) => part.trim())) {
    if (part === "") continue;
    const groups = rulePattern.exec(part)?.groups;
    const { name = "", action, probability } = groups ?? {};
    const chance = Number(probability);
    if (!isName(name) || !(action === "kill" || action === "stop") || !(chance <= 1)) {
      throw new Error(
        `TIRAGE_FAILPOINTS: ${part} is not <name>=kill|stop@<0 to 1> with one of ${failpointNames.join(", ")}`,
      );
    }
    rules.set(name, { action, probability: chance });
  }
  return rules;
}

/** From 0 to below 1; the same for the same seed, place and passage. */
export function drawPassage(seed: string, name: FailpointName, passage: number): number {
  return createHash("sha256").update(`${seed}/${name}/${passage}`).digest().readUInt32BE(0) / 2 ** 32;
}

interface ArmedFailpoints {
  readonly rules: FailpointRules;
  readonly seed: string;
  readonly passages: Map<FailpointName, number>;
}
let armed: ArmedFailpoints | undefined;

/** Arms the failpoints of this process; called by its entry point, and without text disarms them. */
export function armFailpoints(options: {
  text: string | undefined;
  seed: string | undefined;
  instanceId: string;
}): void {
  const { text, seed = "1", instanceId } = options;
  armed = text ? { rules: parseFailpoints(text), seed: `${seed}/${instanceId}`, passages: new Map() } : undefined;
}

/** How long a killed process may go on before its signal reaches it. */
const untilSignalMs = 1_000;

/** Passes, unless a fault test armed this place and the draw strikes. */
export async function failpoint(name: FailpointName): Promise<void> {
  const rule = armed?.rules.get(name);
  if (!armed || !rule) return;
  const passage = (armed.passages.get(name) ?? 0) + 1;
  armed.passages.set(name, passage);
  if (drawPassage(armed.seed, name, passage) >= rule.probability) return;
  process.stderr.write(`{"level":"warn","failpoint":"${name}","action":"${rule.action}","msg":"failpoint strikes"}\n`);
  process.kill(process.pid, rule.action === "kill" ? "SIGKILL" : "SIGSTOP");
  if (rule.action === "kill") await delay(untilSignalMs);
}
