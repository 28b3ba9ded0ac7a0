/** One thing that is wrong with a request, and where: `pointer` is a JSON pointer (RFC 6901), empty for the whole. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** The JSON pointer of a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((token) => `/${String(token).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The faults of a part of the request, as faults of the whole. */
export function faultsWithin(pointer: string, faults: readonly Fault[]): Fault[] {
  return faults.map((fault) => ({ ...fault, pointer: pointer + fault.pointer }));
}
