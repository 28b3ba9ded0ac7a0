import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";
import { faultsWithin } from "../domain/fault.ts";
import { issueFaults } from "../domain/issue-faults.ts";
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
      if (schema.safeParse(undefined).success) return { value: undefined };
      return { error: validationError([{ pointer: "", detail: "is empty: send JSON" }]) };
    }
    const unstorable = jsonFaults(data);
    if (unstorable.length > 0) return { error: validationError(faultsWithin(pointer, unstorable)) };
    const result = schema.safeParse(data);
    if (result.success) return { value: result.data };
    return { error: validationError(faultsWithin(pointer, issueFaults(result.error.issues, data))) };
  };
};
