import { describeFault } from "@tirage/contracts";
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { type Fault, faultsWithin, pointerOf } from "../domain/fault.ts";
import { jsonFaults } from "../domain/json-faults.ts";
import { validationError } from "../errors.ts";

/** Where a fault is that is not in the body, whose pointers stand alone. */
const pointerOfPart: Readonly<Record<string, string>> = { headers: "/headers", querystring: "/query", params: "/path" };

/**
 * Checks a part of a request by its zod schema and tells all faults with their JSON pointers. What no schema could store
 * or walk through (NUL, lone surrogates, endless nesting) is refused before the schema sees it.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart = "body" }) => {
  const pointer = pointerOfPart[httpPart] ?? "";
  return (data) => {
    if (httpPart === "body" && (data === undefined || data === null)) {
      return { error: validationError([{ pointer: "", detail: "is empty: send JSON" }]) };
    }
    const unstorable = jsonFaults(data);
    if (unstorable.length > 0) return { error: validationError(faultsWithin(pointer, unstorable)) };
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    const faults = result.error.issues.flatMap((issue) => faultsOfIssue(issue, data));
    return { error: validationError(faultsWithin(pointer, faults)) };
  };
};

function faultsOfIssue(issue: z.core.$ZodIssue, data: unknown): Fault[] {
  if (issue.code !== "unrecognized_keys")
    return [{ pointer: pointerOf(issue.path), detail: describeFault(issue, data) }];
  return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: "is not a known field" }));
}
