import { confirm, isCancel } from "@clack/prompts";
import type { Questions } from "./surroundings.ts";

/** Asks on the terminal, beside the data. */
export const questions: Questions = {
  async confirm(message) {
    const answer = await confirm({ message, initialValue: false, output: process.stderr });
    return !isCancel(answer) && answer;
  },
};
