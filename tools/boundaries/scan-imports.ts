/** One module named by a file, with the line on which the statement starts. */
export interface ModuleReference {
  specifier: string;
  line: number;
}

/** Between `import` or `export` and `from`: names, braces and comments, but nothing that an expression would hold. */
const clause = String.raw`(?:\/\/[^\n]*|\/\*[\s\S]*?\*\/|[^"'\x60;=()/])*?`;
const quoted = String.raw`["']([^"'\n]+)["']`;

const patterns = [
  new RegExp(String.raw`^[ \t]*(?:import|export)\b${clause}\bfrom\s*${quoted}`, "gm"),
  new RegExp(String.raw`^[ \t]*import\s*${quoted}`, "gm"),
  // import("x") as a value and as a type, and the ways to name a module for later.
  /\b(?:import|require|require\.resolve|import\.meta\.resolve)\(\s*["'`]([^"'`$\n]+)["'`]/g,
];

/**
 * Every module that a source text names: static, type-only, re-exported, side-effect and dynamic. It needs no parser,
 * because Biome's formatting, checked beside it, puts every import at the start of a line.
 */
export function scanImports(source: string): ModuleReference[] {
  const references = patterns.flatMap((pattern) =>
    [...source.matchAll(pattern)].flatMap((match) => {
      const start = match.index + (match[0].length - match[0].trimStart().length);
      return isComment(source, start) ? [] : [{ specifier: match[1] ?? "", line: lineAt(source, start) }];
    }),
  );
  return references.sort((left, right) => left.line - right.line);
}

/** Where code, comments left out, matches: line numbers from 1. */
export function findLines(source: string, pattern: RegExp): number[] {
  return source.split("\n").flatMap((line, index) => {
    const code = isCommentLine(line) ? "" : line.replace(/\s\/\/ .*$/, "");
    return pattern.test(code) ? [index + 1] : [];
  });
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

function isComment(source: string, offset: number): boolean {
  const before = source.slice(source.lastIndexOf("\n", offset - 1) + 1, offset);
  return isCommentLine(before) || /\s\/\/ /.test(before);
}

function isCommentLine(line: string): boolean {
  return /^\s*(\/\/|\*|\/\*)/.test(line);
}
