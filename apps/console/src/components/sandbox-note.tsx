import { useIsSandboxed } from "../api/health.ts";

/** Beside what the catalogue's price comes to. Its line is there always, so that nothing moves once it is known. */
export function SandboxNote({ provider, since }: { provider: string; since?: string }) {
  return (
    <span className="block min-h-4 text-xs font-normal whitespace-nowrap text-ink-soft">
      {useIsSandboxed(provider, since) && "Sandbox: nothing is charged"}
    </span>
  );
}
