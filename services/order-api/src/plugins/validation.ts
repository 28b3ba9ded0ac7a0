import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { type Fault, pointerOf } from "../domain/fault.ts";
import { jsonFaults } from "../domain/json-faults.ts";
import { validationError } from "../errors.ts";

/**
 * Checks a part of a request by its zod schema and tells all faults with their JSON pointers. What no schema could store
 * or walk through (NUL, lone surrogates, endless nesting) is refused before the schema sees it.
 */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  return (data) => {
    const unstorable = jsonFaults(data);
    if (unstorable.length > 0) return { error: validationError(unstorable) };
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    return { error: validationError(result.error.issues.flatMap(faultsOfIssue)) };
  };
};

function faultsOfIssue(issue: z.core.$ZodIssue): Fault[] {
  if (issue.code !== "unrecognized_keys") return [{ pointer: pointerOf(issue.path), detail: issue.message }];
  return issue.keys.map((key) => ({ pointer: pointerOf([...issue.path, key]), detail: "is not a known field" }));
}
