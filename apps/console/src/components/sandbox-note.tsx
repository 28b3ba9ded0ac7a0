import { useIsSandboxed } from "../api/health.ts";

/** Beside what the catalogue's price comes to. Its line is there always, so that nothing moves once it is known. */
export function SandboxNote({ provider, since }: { provider: string; since?: string }) {
  return (
    <span className="block min-h-8 text-xs font-normal text-ink-soft sm:min-h-4 sm:whitespace-nowrap">
      {useIsSandboxed(provider, since) && "Sandbox: nothing is charged"}
    </span>
  );
}
