/** A stream as it was or is; see `StreamPosition` of messaging. */
interface Position {
  readonly createdAt: Date;
  readonly lastSequence: number;
}

/** The names of the streams that forgot: made again, or with fewer messages ever than there were before. */
export function forgetfulStreams(
  before: Readonly<Record<string, Position>>,
  now: Readonly<Record<string, Position>>,
): string[] {
  return Object.entries(now).flatMap(([name, { createdAt, lastSequence }]) => {
    const known = before[name];
    const isSame = !known || (known.createdAt.getTime() === createdAt.getTime() && known.lastSequence <= lastSequence);
    return isSame ? [] : [name];
  });
}

/** Whether the stream is younger than what must have gone through it. */
export function isYoungerThan({ createdAt }: Position, oldestPublished: Date | undefined): boolean {
  return oldestPublished !== undefined && createdAt.getTime() > oldestPublished.getTime();
}
