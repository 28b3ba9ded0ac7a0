import type { Fault } from "./fault.ts";
import { pointerOf } from "./fault.ts";

/** Deeper JSON than this helps nobody and costs every recursive reader after us its stack. */
const maximumDepth = 32;

/**
 * What is wrong with parsed JSON whatever its schema: NUL and lone surrogates, which Postgres cannot store, and nesting
 * without end. Walks without recursion, so that the depth it reports cannot be its own undoing.
 */
export function jsonFaults(body: unknown): Fault[] {
  const faults: Fault[] = [];
  const left: { value: unknown; path: readonly (string | number)[] }[] = [{ value: body, path: [] }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { value, path } = next;
    if (typeof value === "string") {
      const reason = textFault(value);
      if (reason) faults.push({ pointer: pointerOf(path), detail: reason });
    }
    if (typeof value !== "object" || value === null) continue;
    if (path.length === maximumDepth) {
      return [
        { pointer: pointerOf(path.slice(0, 3)), detail: `must not be nested deeper than ${maximumDepth} levels` },
      ];
    }
    for (const [key, child] of Object.entries(value)) {
      const reason = Array.isArray(value) ? undefined : textFault(key);
      if (reason) faults.push({ pointer: pointerOf(path), detail: `a name in it ${reason}` });
      left.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return faults;
}

function textFault(text: string): string | undefined {
  if (text.includes("\0")) return "must not contain the NUL character";
  return text.isWellFormed() ? undefined : "must be well-formed Unicode, without half a surrogate pair";
}
