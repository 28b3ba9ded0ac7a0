import { describeFault } from "@tirage/contracts";
import type { z } from "zod";
import { type Fault, pointerOf } from "./fault.ts";

/** What a schema found wrong with `data`, with a fault for each field that is not known. */
export function issueFaults(issues: readonly z.core.$ZodIssue[], data: unknown): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") {
      return [{ pointer: pointerOf(issue.path), detail: describeFault(issue, data) }];
    }
    return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: "is not a known field" }));
  });
}
