import { identifier, problem } from "@tirage/contracts";
import { z } from "zod";
import { ProblemError } from "../errors.ts";

/** What any route may answer instead. */
export const problems = {
  default: {
    description: "What went wrong",
    content: { "application/problem+json": { schema: problem } },
  },
};

export const idParameters = z.object({ id: z.string().describe("A UUID.") });

/** Something that is not there, or is another tenant's: the same answer for both. */
export const notFound = (what: string, id: string): ProblemError =>
  new ProblemError("not-found", `there is no ${what} ${id}`);

/** The id of a path; one that no id can be is not found either. */
export function readId(what: string, { id }: { id: string }): string {
  if (!identifier.safeParse(id).success) throw notFound(what, JSON.stringify(id.slice(0, 64)));
  return id;
}
