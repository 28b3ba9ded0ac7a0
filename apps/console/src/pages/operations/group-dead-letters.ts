import type { DeadLetter } from "@tirage/client";

/** Dead letters that died of the same: one cause, mended once. */
export interface DeadLetterGroup {
  readonly fingerprint: string;
  readonly code: string;
  /** Of the newest. */
  readonly reason: string;
  readonly durable: string;
  /** Newest first. */
  readonly letters: readonly DeadLetter[];
}

/** Groups by what does not differ between two messages with one cause; the group with the newest letter is first. */
export function groupDeadLetters(letters: readonly DeadLetter[]): DeadLetterGroup[] {
  const groups = Map.groupBy(
    letters.toSorted((left, right) => right.deadAt.localeCompare(left.deadAt)),
    fingerprintOf,
  );
  return [...groups].flatMap(([fingerprint, letters]) => {
    const [newest] = letters;
    return newest ? [{ fingerprint, code: newest.code, reason: newest.reason, durable: newest.durable, letters }] : [];
  });
}

function fingerprintOf({ code, durable, reason }: DeadLetter): string {
  const alike = reason
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "#")
    .replace(/"[^"]*"|'[^']*'/g, "#")
    .replace(/\d+/g, "#");
  return `${code} ${durable} ${alike}`;
}
