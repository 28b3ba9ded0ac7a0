import { minimumServerVersion } from "@tirage/contracts";
import { ServerVersionError } from "./errors.ts";

function versionParts(version: string): number[] {
  return version
    .split(/[-+]/, 1)
    .join("")
    .split(".")
    .map((part) => Number.parseInt(part, 10) || 0);
}

/** Whether `version` is at least `minimum`, comparing major, minor and patch; a pre-release counts as its release. */
export function isAtLeast(version: string, minimum: string): boolean {
  const actual = versionParts(version);
  for (const [position, wanted] of versionParts(minimum).entries()) {
    const part = actual[position] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/**
 * Refuses servers that silently ignore what we rely on.
 * @throws ServerVersionError naming both versions and the remedy, in one line.
 */
export function requireServerVersion(version: string): void {
  if (isAtLeast(version, minimumServerVersion)) return;
  throw new ServerVersionError(
    `NATS server ${version} is too old: Tirage needs ${minimumServerVersion} or newer. ` +
      "Upgrade the server that NATS_URL names; older ones silently ignore settings that Tirage relies on.",
  );
}
