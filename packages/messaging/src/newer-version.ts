/** A known message in a version that is not known yet: a newer sender is out before this reader. It is no poison. */
import type { ConsumerDefinition } from "@tirage/contracts";

/** Long enough to cost nothing, and short against the time in which a deployment ends. */
export const newerVersionDelayMs = 60_000;

export class NewerVersionError extends Error {
  constructor(type: string) {
    super(`${type} is newer than this reader; deploy the reader`);
    this.name = "NewerVersionError";
  }
}

const split = (type: string) => /^(.+)\.v(\d+)$/.exec(type);

/** @throws NewerVersionError when the type is a higher version of one that the reader knows. */
export function refuseNewerVersion(type: string, { consumes }: Pick<ConsumerDefinition, "consumes">): void {
  const [, name, version] = split(type) ?? [];
  if (consumes.some((known) => known.type === type)) return;
  const versions = consumes.map((known) => split(known.type)).filter((known) => known?.[1] === name);
  if (versions.length > 0 && versions.every((known) => Number(known?.[2]) < Number(version))) {
    throw new NewerVersionError(type);
  }
}
