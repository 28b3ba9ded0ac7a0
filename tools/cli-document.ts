/** `docs/cli.md`: the help of every command of `tirage`. */
import { createProgram } from "@tirage/cli";

const introduction = `# The command line

\`tirage\` speaks to the HTTP API alone. From the root of this repository:

\`\`\`sh
npm run --silent tirage -- order list     # with any Node ≥ 20 and npm: the bootstrap finds the Node that it needs
npx tirage order list                     # after npm start or pnpm install
\`\`\`

It looks for the API at \`http://localhost:8080\`, where \`npm start\` puts it; \`TIRAGE_API_URL\` and \`TIRAGE_API_KEY\` say otherwise.

- **Results** go to stdout: on a terminal a table or a bar, into a pipe a line for each event, with \`--json\` a line of JSON
  for each result (as the API shows it; of what is watched \`{"type": "order" | "product" | "end" | "deleted", …}\`, with
  \`file\` once it is saved). Everything else goes to stderr.
- **Exit codes**: 0 done; 1 failed, also when a watched order failed or was cancelled; 2 the command line, a file or an
  order's field is wrong, and nothing was done; 130 after Ctrl-C, which asks on a terminal whether to cancel the order.
- **Bought once**: with \`--key\`, a command that was killed goes on when it is run again. \`--from\` needs no key: the same
  orders of a file are placed once. The API remembers keys for 24 hours.
- **Files** are named \`<order>-<position>.jpg\`, have their name only when they are whole, and are not downloaded again
  when their SHA-256 is that of the product.

A file for \`--from\` is checked whole before anything is ordered. CSV begins with a line of names: \`prompt\`, and any field of
an order (\`quantity\`, \`batchSize\`, \`model\`, …), \`parameters.<name>\` or \`metadata.<name>\`; JSONL has an order's fields as
the API takes them. What a line does not say, the flags say.

Generated from the commands by \`node tools/generate-documents.ts\`.
`;

/** Commander's own type, without a dependency on it here. */
type Command = ReturnType<typeof createProgram>;

/** The document, the same wherever it is made. */
export function cliDocument(): string {
  const silent = { columns: 100, write: () => undefined };
  const program = createProgram({
    environment: { NO_COLOR: "1" },
    stdout: silent,
    stderr: silent,
    canAsk: false,
    signal: new AbortController().signal,
    ask: { confirm: async () => false },
  });
  const sections = program.commands.flatMap((command) => describe(command, "tirage"));
  return [introduction, ...sections].join("\n");
}

function describe(command: Command, before: string): string[] {
  const name = `${before} ${command.name()}`;
  const section = `## ${name}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  // Commands that only hold others say nothing that these do not; some can be asked for themselves.
  const isOwn = command.commands.length === 0 || ["queues", "workers"].includes(command.name());
  return [...(isOwn ? [section] : []), ...command.commands.flatMap((child) => describe(child as Command, name))];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureHelp({ showGlobalOptions: false, helpWidth: 100 });
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text.trim();
}
