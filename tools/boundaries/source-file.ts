import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { type ModuleReference, scanImports } from "./scan-imports.ts";

/** A module named by a file, resolved as far as the rules need it. */
export type Import = ModuleReference &
  (
    | { kind: "file"; path: string }
    | { kind: "package"; name: string; entry: string }
    | { kind: "builtin"; name: string }
  );

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  path: string;
  source: string;
  imports: Import[];
  /** `packages/<name>`, `services/<name>`, `apps/<name>`, or the first folder for all else. */
  project: string;
  /** The first folder below a service's `src`, or undefined for a file that lies in `src` itself. */
  layer: string | undefined;
  isTest: boolean;
}

/** Reads what a rule may ask about a file from its path and its text. */
export function readSourceFile(path: string, source: string): SourceFile {
  const [group = "", name = "", ...rest] = path.split("/");
  const isWorkspaceProject = ["packages", "services", "apps"].includes(group);
  return {
    path,
    source,
    imports: scanImports(source).map((reference) => resolveImport(path, reference)),
    project: isWorkspaceProject ? `${group}/${name}` : group,
    layer: group === "services" && rest[0] === "src" && rest.length > 2 ? rest[1] : undefined,
    isTest: group === "tests" || group === "bench" || rest[0] === "test" || /\.test\.\w+$/.test(path),
  };
}

function resolveImport(path: string, reference: ModuleReference): Import {
  const { specifier } = reference;
  if (specifier.startsWith(".")) {
    return { ...reference, kind: "file", path: posix.join(posix.dirname(path), specifier) };
  }
  if (isBuiltin(specifier)) return { ...reference, kind: "builtin", name: specifier.replace(/^node:/, "") };
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  return {
    ...reference,
    kind: "package",
    name: parts.slice(0, length).join("/"),
    entry: parts.slice(length).join("/"),
  };
}
