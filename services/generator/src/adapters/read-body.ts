/** More bytes than the reader allows: the rest is not read. */
export class BodyTooLargeError extends Error {
  constructor(maximumBytes: number) {
    super(`the body is larger than ${maximumBytes} bytes`);
    this.name = "BodyTooLargeError";
  }
}

/** As Node's and undici's `fetch` answer it. */
interface Answer {
  readonly headers: { get(name: string): string | null };
  readonly body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

/** Reads a whole body, but never more than `maximumBytes`, whatever its Content-Length claims. */
export async function readBody(response: Answer, maximumBytes: number): Promise<Buffer> {
  if (Number(response.headers.get("content-length") ?? 0) > maximumBytes) {
    await response.body?.cancel();
    throw new BodyTooLargeError(maximumBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream, which closes the connection.
    if (length > maximumBytes) throw new BodyTooLargeError(maximumBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
