import type { model } from "@tirage/contracts";

/** A model as `GET /v1/models` shows it. */
type PublishedModel = ReturnType<(typeof model)["parse"]>;

/** What one parameter may be; names and meanings are the provider's. */
export type ParameterRule = PublishedModel["parameters"][string] & {
  /** `size`: besides its options the parameter takes `{width, height}` in pixels. */
  readonly alternative?: "size";
};

/** The input field that says how many outputs one call makes. */
export type BatchParameter = "num_images" | "num_outputs";

/** One model of a provider, with what is needed to check an order for it and to call it. */
export interface CatalogueModel extends Readonly<Omit<PublishedModel, "parameters">> {
  readonly parameters: Readonly<Record<string, ParameterRule>>;
  /** Undefined: the model makes one output a call and has no such field. */
  readonly batchParameter: BatchParameter | undefined;
  readonly promptParameter: string;
  readonly seedParameter: string;
  /** A version known to work, named when an order lacks one; never used unasked, so that an order says what it ran. */
  readonly exampleVersion?: string;
  /** Format of an output when no parameter asks for another. */
  readonly defaultOutputFormat: "jpeg" | "png" | "webp";
}
