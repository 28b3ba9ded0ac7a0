import { describeFault } from "@tirage/contracts";
import { z } from "zod";
import { toError } from "./errors.ts";

/** Why something cannot be read, in sentences for who looks at its dead letter; `input` is what was parsed. */
export function describeUnreadable(error: unknown, input: unknown): string {
  if (!(error instanceof z.ZodError)) return toError(error).message;
  return error.issues.map((issue) => `${issue.path.join("/") || "it"} ${describeFault(issue, input)}`).join("; ");
}
