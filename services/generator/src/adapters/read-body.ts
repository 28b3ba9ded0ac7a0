/** More bytes than the reader allows: the rest is not read. */
export class BodyTooLargeError extends Error {
  constructor(maximumBytes: number) {
    super(`the body is larger than ${maximumBytes} bytes`);
    this.name = "BodyTooLargeError";
  }
}

/** Reads a whole body, but never more than `maximumBytes`, whatever its Content-Length claims. */
export async function readBody(response: Response, maximumBytes: number): Promise<Buffer> {
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
