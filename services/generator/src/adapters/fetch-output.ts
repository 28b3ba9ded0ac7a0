import { hash } from "node:crypto";
import { RetryLaterError } from "@tirage/messaging";
import sharp from "sharp";
import { type FetchedOutput, type FetchOutput, OutputUnavailableError } from "../ports.ts";
import { isAllowedAddress } from "./allowed-origin.ts";
import { describeConnectionFailure } from "./connection-failure.ts";
import { readImageFormat } from "./image-content.ts";
import { BodyTooLargeError, readBody } from "./read-body.ts";
import { readRetryAfterMs } from "./retry-after.ts";

const maximumRedirects = 3;
/** A picture that decodes to more is refused before it is decoded: 100 megapixels are 300 to 400 MB. */
const maximumPixels = 100_000_000;
const retryDelayMs = 1_000;

export interface FetchOutputOptions {
  /** 50 MB when absent. */
  readonly maximumBytes?: number;
  /** For the whole download, redirects included; 60 s when absent. */
  readonly timeoutMs?: number;
}

/**
 * Fetches outputs from allowed origins, without credentials, following at most three redirects, each to an allowed origin
 * again. What is answered must be a whole image: its format is told by its first bytes, and it is decoded once.
 */
export function createFetchOutput(options: FetchOutputOptions = {}): FetchOutput {
  const { maximumBytes = 50_000_000, timeoutMs = 60_000 } = options;
  // Downloads are decoded side by side; threads and a cache inside each decoder would only cost memory.
  sharp.concurrency(1);
  sharp.cache(false);
  return async (url, { allowedOrigins, signal }) => {
    const limits = { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), maximumBytes };
    const bytes = await download(url, allowedOrigins, limits).catch((error: unknown) => {
      signal.throwIfAborted();
      throw readDownloadError(error, url);
    });
    return measure(bytes);
  };
}

interface DownloadLimits {
  readonly signal: AbortSignal;
  readonly maximumBytes: number;
}

async function download(url: string, origins: readonly string[], limits: DownloadLimits): Promise<Buffer> {
  let address = readAddress(url, origins);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(address, {
      redirect: "manual",
      signal: limits.signal,
      headers: { accept: "image/*" },
    });
    if (response.status === 200) return readBody(response, limits.maximumBytes);
    await response.body?.cancel();
    const location = response.headers.get("location");
    const isRedirect = response.status >= 300 && response.status < 400 && location !== null;
    if (!isRedirect) throw readStatusError(response);
    if (redirects === maximumRedirects) {
      throw new OutputUnavailableError("output_unavailable", `more than ${maximumRedirects} redirects`);
    }
    address = readAddress(location, origins, address);
  }
}

function readAddress(url: string, origins: readonly string[], base?: URL): URL {
  const address = URL.parse(url, base);
  if (address && isAllowedAddress(address, origins)) return address;
  // The origin only: the rest of an address may be a secret.
  const place = address ? `${address.protocol}//${address.host}` : "an address that is none";
  throw new OutputUnavailableError("output_forbidden", `outputs are not fetched from ${place}`);
}

/** Only these say that trying again can help; any other status is the host's last word on this file. */
function readStatusError({ status, headers }: Response): Error {
  if (status === 408 || status === 429 || status >= 500) {
    const delayMs = headers.has("retry-after") ? readRetryAfterMs(headers, undefined, new Date()) : retryDelayMs;
    return new RetryLaterError("output_unreachable", `the output's host answered HTTP ${status}`, { delayMs });
  }
  const code = status === 403 || status === 404 || status === 410 ? "output_gone" : "output_unavailable";
  return new OutputUnavailableError(code, `the output's host answered HTTP ${status}`);
}

function readDownloadError(error: unknown, url: string): Error {
  if (error instanceof OutputUnavailableError || error instanceof RetryLaterError) return error;
  if (error instanceof BodyTooLargeError) {
    return new OutputUnavailableError("output_invalid", error.message, { cause: error });
  }
  const message = `the output at ${new URL(url).origin} was not fetched whole: ${describeConnectionFailure(error)}`;
  return new RetryLaterError("output_unreachable", message, { delayMs: retryDelayMs, cause: error });
}

async function measure(bytes: Buffer): Promise<FetchedOutput> {
  const format = readImageFormat(bytes);
  if (!format) throw new OutputUnavailableError("output_invalid", "the output is not an image of a known format");
  try {
    const image = sharp(bytes, { failOn: "error", limitInputPixels: maximumPixels, sequentialRead: true });
    const { width, height } = await image.metadata();
    // Taking the last pixel decodes every row before it, in order, and keeps none.
    await image
      .extract({ left: width - 1, top: height - 1, width: 1, height: 1 })
      .raw()
      .toBuffer();
    const { contentType, extension } = format;
    return { bytes, contentType, extension, width, height, sha256: hash("sha256", bytes, "hex") };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new OutputUnavailableError("output_invalid", `the output cannot be decoded: ${reason}`, { cause: error });
  }
}
