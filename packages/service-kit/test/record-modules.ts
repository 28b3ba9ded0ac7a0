/** Preloaded into a process: writes the URL of every module it loaded to the file named by MODULES_FILE, as it exits. */
import { writeFileSync } from "node:fs";
import { registerHooks } from "node:module";

const urls: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    urls.push(url);
    return nextLoad(url, context);
  },
});
process.once("exit", () => writeFileSync(process.env.MODULES_FILE ?? "", urls.join("\n")));
