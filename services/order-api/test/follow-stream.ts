/** A stream of events as a client hears it. */
export interface FollowedStream<Data = { id: string }> extends AsyncDisposable {
  readonly headers: Headers;
  readonly events: readonly { event: string; id: string; data: Data }[];
  /** Resolves when the server ended the stream; rejects when it broke. */
  readonly ended: Promise<void>;
}

export async function followStream<Data = { id: string }>(
  url: string,
  headers: Record<string, string> = {},
): Promise<FollowedStream<Data>> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(30_000)]);
  const response = await fetch(url, { headers, signal });
  const events: { event: string; id: string; data: Data }[] = [];
  const ended = read(response, (frame) => {
    const fields = new Map(frame.split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]));
    const data = fields.get("data");
    if (data) events.push({ event: fields.get("event") ?? "", id: fields.get("id") ?? "", data: JSON.parse(data) });
  });
  ended.catch(() => undefined);
  return {
    headers: response.headers,
    events,
    ended,
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await ended.catch(() => undefined);
    },
  };
}

async function read(response: Response, onFrame: (frame: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) onFrame(frame);
  }
}
