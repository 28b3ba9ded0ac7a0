import { modelNameProblem, toProviderInput, versionProblem } from "@tirage/model-catalog";
import type { SubmitOutcome, SubmitRequest } from "../ports.ts";

export type SubmitInput =
  /** What the model takes. */
  { readonly kind: "input"; readonly input: Record<string, unknown> } | Extract<SubmitOutcome, { kind: "refused" }>;

/** Turns a request into the model's input, or refuses one that the provider could not take, before anything is sent. */
export function readSubmitInput(provider: string, request: SubmitRequest): SubmitInput {
  const { model, modelVersion } = request;
  const problem = modelNameProblem(provider, model) ?? versionProblem(provider, model, modelVersion);
  if (problem !== undefined) return refuse(problem);
  try {
    return { kind: "input", input: toProviderInput({ ...request, provider }) };
  } catch (error) {
    if (error instanceof RangeError) return refuse(error.message);
    throw error;
  }
}

function refuse(message: string): SubmitInput {
  return { kind: "refused", failure: { code: "validation", message, retryable: false } };
}
