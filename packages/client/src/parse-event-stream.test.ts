import { expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { parseEventStream } from "./parse-event-stream.ts";

async function parse(...chunks: (string | Uint8Array)[]) {
  const bytes = chunks.map((chunk) => (typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk));
  async function* stream() {
    yield* bytes;
  }
  return collect(parseEventStream(stream()));
}

test("parseEventStream: comments, retry and events, the events with the last id", async () => {
  expect(await parse(": alive\n\nretry: 1000\n\nid: 7\nevent: order\ndata: {}\n\ndata:a\ndata: b\n\n")).toEqual([
    { event: "order", data: "{}", id: "7" },
    { event: "message", data: "a\nb", id: "7" },
  ]);
});

test("parseEventStream: cut at every byte, also within a character and a line end, the same events", async () => {
  const text = "id: 1\r\nevent: order\r\ndata: 灯台\r\n\r\nid: 2\r\ndata: two\r\n\r\n";
  const bytes = [...new TextEncoder().encode(text)].map((byte) => Uint8Array.of(byte));

  expect(await parse(...bytes)).toEqual([
    { event: "order", data: "灯台", id: "1" },
    { event: "message", data: "two", id: "2" },
  ]);
});

test("parseEventStream: an event that the stream did not finish, passed over", async () => {
  expect(await parse("data: one\n\ndata: tw")).toEqual([{ event: "message", data: "one", id: undefined }]);
});
