/** Certificates are checked before anything of the request is sent. */
const certificateCodes = /^(CERT_|DEPTH_ZERO_|ERR_TLS_CERT_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * Whether a failed `fetch` surely sent nothing of its request: no name, no connection, no trusted certificate. Decided by
 * the system call, not by codes such as ETIMEDOUT that an open connection can end with too.
 */
export function isNeverSent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code = "", syscall } = error as NodeJS.ErrnoException;
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  if (code === "UND_ERR_CONNECT_TIMEOUT" || certificateCodes.test(code)) return true;
  // One error for each address of the host that was tried.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isNeverSent);
  return isNeverSent(error.cause);
}

/** A failed `fetch` in words: its own message, "fetch failed", says nothing. */
export function describeConnectionFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  if (error.cause instanceof Error) return describeConnectionFailure(error.cause);
  return code !== undefined && !error.message.includes(code) ? `${code} ${error.message}`.trim() : error.message;
}
