// Where every npm script begins. In the syntax of 2018, so that a Node that is too old for the rest can say so itself.
const oldestMajor = 16;

if (Number(process.versions.node.split(".")[0]) < oldestMajor) {
  process.stderr.write(
    `tirage: Node ${process.versions.node} is too old to begin with: install Node 20 or newer, https://nodejs.org\n`,
  );
  process.exitCode = 1;
} else {
  import("./run-task.mjs");
}
