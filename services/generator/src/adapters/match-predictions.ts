/** Which of the predictions that Replicate lists may be a submission whose answer was lost. */
import { isDeepStrictEqual } from "node:util";
import type { SubmitRequest } from "../ports.ts";
import type { ListedPrediction } from "./replicate-answers.ts";

export type SoughtPrediction = Pick<SubmitRequest, "model" | "modelVersion" | "nonce"> & {
  /** As it was submitted, seed included. */
  readonly input: Record<string, unknown>;
};

export interface MatchedPredictions {
  /** Called back to the nonce: surely the submission. */
  readonly byNonce: readonly string[];
  /** Without an address to call back, but of the same model and input. */
  readonly byInput: readonly string[];
  /** Whether the page reaches beyond the time since when predictions are sought. */
  readonly isPastStart: boolean;
}

export function matchPredictions(
  listed: readonly ListedPrediction[],
  sought: SoughtPrediction,
  createdAfter: string,
): MatchedPredictions {
  const start = Date.parse(createdAfter);
  const recent = listed.filter(({ created_at }) => Date.parse(created_at) >= start);
  const byNonce = recent.filter(({ webhook }) => webhook?.endsWith(`/${sought.nonce}`));
  // One that calls back elsewhere is another call's.
  const byInput = recent.filter((one) => !one.webhook && isOf(one, sought));
  return { byNonce: byNonce.map(readId), byInput: byInput.map(readId), isPastStart: recent.length < listed.length };
}

const readId = ({ id }: ListedPrediction): string => id;

function isOf({ model, version, input }: ListedPrediction, sought: SoughtPrediction): boolean {
  if (sought.modelVersion !== undefined && version !== sought.modelVersion) return false;
  return model === sought.model && isDeepStrictEqual(input, JSON.parse(JSON.stringify(sought.input)));
}
