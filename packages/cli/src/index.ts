/** The `tirage` command as a function, for whoever gives it other streams. */
export { createProgram, version } from "./program.ts";
export { run } from "./run.ts";
export { Interrupted, type OutputStream, type Questions, type Surroundings } from "./surroundings.ts";
