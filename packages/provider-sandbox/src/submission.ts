/** The two providers the sandbox speaks for. */
export const providers = ["fal", "replicate"] as const;
export type Provider = (typeof providers)[number];

/** The input of a submission, as the customer's client sent it. */
export type Input = Readonly<Record<string, unknown>>;

/** One thing that is wrong with an input; each provider words it its own way. */
export type InputProblem =
  | { readonly kind: "missing"; readonly field: string }
  | { readonly kind: "type"; readonly field: string; readonly expected: "string" | "integer" | "number" }
  | { readonly kind: "below"; readonly field: string; readonly limit: number }
  | { readonly kind: "above"; readonly field: string; readonly limit: number }
  | { readonly kind: "choice"; readonly field: string; readonly choices: readonly string[] };

/** How a submission ends. `billed` and `images` are what the ledger books when it does. */
export type Ending = { readonly billed: boolean; readonly images: number } & (
  | {
      readonly kind: "succeeded";
      /** Indexes of the outputs that exist; a gap is an output that was dropped. */
      readonly produced: readonly number[];
      /** Indexes of outputs that were replaced by a black frame. */
      readonly flagged: readonly number[];
    }
  | { readonly kind: "invalid"; readonly problems: readonly InputProblem[] }
  | { readonly kind: "moderated"; readonly error: string | null }
  | { readonly kind: "failed"; readonly status: number; readonly error: string | null }
  | { readonly kind: "aborted" }
  | { readonly kind: "cancelled" }
);

/** One accepted submission: what the ledger lists, and all that the protocols need to answer about it. */
export interface Submission {
  /** Counts up from 1 in order of acceptance, over both providers. */
  readonly ordinal: number;
  readonly id: string;
  readonly provider: Provider;
  /** fal: the endpoint id as submitted, sub-path included. Replicate: `owner/name`. */
  readonly model: string;
  /** Replicate only: the version hash, or null for a call of an official model. */
  readonly version: string | null;
  /** Kept as text: a row costs a few hundred bytes, whatever the input's shape. */
  readonly inputJson: string;
  readonly webhook: string | null;
  /** Replicate only: the events the webhook wants; null means all. */
  readonly webhookEvents: readonly string[] | null;
  /** Origin under which the client reached the sandbox; output addresses in callbacks are built from it. */
  readonly baseUrl: string;
  /** Milliseconds since the epoch, as are the two that follow. */
  readonly submittedAt: number;
  /** The same for two submissions of one provider, model and input; null when the input carries no seed. */
  readonly fingerprint: string | null;
  startedAt: number | null;
  finishedAt: number | null;
  state: "waiting" | "running" | "finished";
  ending: Ending | null;
  cancelled: boolean;
  /** Whether the answer to the submitting request left whole. */
  responseDelivered: boolean;
}

/** The input as an object again. */
export function readInput(submission: Submission): Input {
  return JSON.parse(submission.inputJson) as Input;
}
