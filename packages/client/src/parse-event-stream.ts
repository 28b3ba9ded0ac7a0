/** One event of a `text/event-stream`. */
export interface ServerSentEvent {
  /** `message` when the stream named none. */
  readonly event: string;
  readonly data: string;
  /** The last id that the stream told, in this event or before. */
  readonly id: string | undefined;
}

/** More than the largest order needs; a stream that sends no line end is cut rather than kept. */
const longestBlockCharacters = 16 * 1024 * 1024;

/**
 * The events of a stream, however its bytes are cut into chunks. Comments and `retry` are passed over, and so is an
 * event that the stream did not finish.
 * @param heard is called for every chunk: a heartbeat is a sign of life though it is no event.
 */
export async function* parseEventStream(
  chunks: AsyncIterable<Uint8Array>,
  heard: () => void = () => undefined,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let fields: EventFields = { event: "", data: [] };
  let id: string | undefined;
  for await (const chunk of chunks) {
    heard();
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > longestBlockCharacters) throw new Error("the stream sent a line that is too long");
    // A carriage return at the end may be half of a line end, and is left for the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line !== "") {
        const [name, value] = readField(line);
        if (name === "id" && !value.includes("\0")) id = value;
        else if (name === "event") fields.event = value;
        else if (name === "data") fields.data.push(value);
        continue;
      }
      if (fields.data.length > 0) yield { event: fields.event || "message", data: fields.data.join("\n"), id };
      fields = { event: "", data: [] };
    }
  }
}

interface EventFields {
  event: string;
  data: string[];
}

function readField(line: string): [name: string, value: string] {
  const colon = line.indexOf(":");
  if (colon === -1) return [line, ""];
  const value = line.slice(colon + 1);
  return [line.slice(0, colon), value.startsWith(" ") ? value.slice(1) : value];
}
