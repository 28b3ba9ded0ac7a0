import type { SourceFile } from "./source-file.ts";
import type { Violation } from "./violation.ts";

/**
 * One violation for each import that closes a circle of relative imports, type-only ones included. Depth first; each
 * file is entered once.
 */
export function findCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const violations: Violation[] = [];

  function visit(file: SourceFile, trail: readonly string[]): void {
    const path = [...trail, file.path];
    for (const imported of file.imports) {
      const next = imported.kind === "file" ? byPath.get(imported.path) : undefined;
      if (!next || finished.has(next.path)) continue;
      const start = path.indexOf(next.path);
      if (start === -1) visit(next, path);
      else {
        const circle = [...path.slice(start), next.path].join(" -> ");
        const reason = `${circle}: move what both need into a file of its own`;
        violations.push({ file: file.path, line: imported.line, rule: "no-import-cycle", reason });
      }
    }
    finished.add(file.path);
  }

  for (const file of files) if (!finished.has(file.path)) visit(file, []);
  return violations;
}
