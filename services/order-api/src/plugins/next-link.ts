import type { App } from "../dependencies.ts";

/** Names the page that follows in the `Link` header, too, for clients that follow links and read no body for it. */
export function linkNextPage(app: App): void {
  app.addHook("preSerialization", async (request, reply, payload) => {
    const cursor = cursorOf(payload);
    if (cursor === undefined) return payload;
    const [path = "", query] = request.url.split("?");
    const next = new URLSearchParams(query);
    next.set("cursor", cursor);
    reply.header("link", `<${path}?${next}>; rel="next"`);
    return payload;
  });
}

function cursorOf(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null || !("nextCursor" in payload)) return undefined;
  return typeof payload.nextCursor === "string" ? payload.nextCursor : undefined;
}
