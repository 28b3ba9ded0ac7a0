import { styleText } from "node:util";
import type { OutputStream, Surroundings } from "../surroundings.ts";

export type Colour = "green" | "red" | "yellow" | "cyan" | "dim" | "bold";
export type Paint = (colour: Colour, text: string) => string;

/** Colours for one stream: of a terminal, unless NO_COLOR, TERM=dumb or the flag says otherwise. */
export function createPaint(stream: OutputStream, { environment }: Pick<Surroundings, "environment">): Paint {
  const { NO_COLOR, TERM, FORCE_COLOR } = environment;
  const isForced = FORCE_COLOR !== undefined && FORCE_COLOR !== "0" && FORCE_COLOR !== "";
  const isColoured = !NO_COLOR && TERM !== "dumb" && (isForced || stream.isTTY === true);
  return (colour, text) => (isColoured ? styleText(colour, text, { validateStream: false }) : text);
}
