/** fal's hosts, as the first segment of a sandbox path. */
export const falHosts = {
  queue: "queue.fal.run",
  sync: "fal.run",
  media: "v3.fal.media",
  rest: "rest.fal.ai",
} as const;

/** What a path below the queue host asks for. */
export type QueueTarget =
  | { readonly kind: "endpoint"; readonly endpointId: string }
  | {
      readonly kind: "request";
      /** `owner/alias`: the sub-path of the endpoint is only in the submit address. */
      readonly app: string;
      readonly requestId: string;
      readonly part: "result" | "status" | "stream" | "cancel";
    };

const parts = {
  "": "result",
  response: "result",
  status: "status",
  "status/stream": "stream",
  cancel: "cancel",
} as const;

/** Reads a path below the queue host, without its leading slash; undefined when fal has no such path. */
export function readQueueTarget(path: string): QueueTarget | undefined {
  const match = /^(.+?)\/requests\/([^/]+)(?:\/(.+))?$/.exec(path);
  if (!match) return isEndpointId(path) ? { kind: "endpoint", endpointId: path } : undefined;
  const [, app = "", requestId = "", tail = ""] = match;
  if (!Object.hasOwn(parts, tail)) return undefined;
  return { kind: "request", app, requestId, part: parts[tail as keyof typeof parts] };
}

/** `owner/alias` or longer. */
export function isEndpointId(path: string): boolean {
  return /^[\w.-]+(\/[\w.-]+)+$/.test(path);
}

/** The `owner/alias` of an endpoint id; the namespaces `workflows` and `comfy` come before it. */
export function appOf(endpointId: string): string {
  const segments = endpointId.split("/");
  const isNamespaced = segments[0] === "workflows" || segments[0] === "comfy";
  return segments.slice(0, isNamespaced ? 3 : 2).join("/");
}

/** The addresses a queue answer carries. */
export function requestAddresses(baseUrl: string, endpointId: string, requestId: string) {
  const address = `${baseUrl}/${falHosts.queue}/${appOf(endpointId)}/requests/${requestId}`;
  return { response_url: address, status_url: `${address}/status`, cancel_url: `${address}/cancel` };
}
