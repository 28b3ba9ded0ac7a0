import type { FastifySchemaCompiler } from "fastify";
import { z } from "zod";
import { type Fault, faultsWithin } from "../domain/fault.ts";
import { issueFaults } from "../domain/issue-faults.ts";
import { jsonFaults } from "../domain/json-faults.ts";
import { validationError } from "../errors.ts";

/** Where a fault is that is not in the body, whose pointers stand alone. */
const pointerOfPart: Readonly<Record<string, string>> = { headers: "/headers", querystring: "/query", params: "/path" };

/** Checks parts of requests by their schemas alone. */
export const validatorCompiler = createValidatorCompiler(() => []);

/**
 * Checks a part of a request by its zod schema and tells all faults with their JSON pointers. What no schema could store
 * or walk through (NUL, lone surrogates, endless nesting) is refused before the schema sees it. Of a body that its schema
 * refuses, `findOtherFaults` tells what is wrong beyond that.
 */
export function createValidatorCompiler(
  findOtherFaults: (body: unknown) => readonly Fault[],
): FastifySchemaCompiler<unknown> {
  return ({ schema, httpPart = "body" }) => {
    if (!(schema instanceof z.ZodType)) throw new Error(`the schema of the ${httpPart} is not one of zod`);
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
      const faults = faultsWithin(pointer, issueFaults(result.error.issues, data));
      if (httpPart === "body") faults.push(...findOtherFaults(data).filter((fault) => !isTold(fault, faults)));
      return { error: validationError(faults) };
    };
  };
}

/** One fault at a place is enough, and what is within it may follow from it. */
function isTold({ pointer }: Fault, told: readonly Fault[]): boolean {
  return told.some((other) => pointer === other.pointer || pointer.startsWith(`${other.pointer}/`));
}
