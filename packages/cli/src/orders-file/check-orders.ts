import { type Client, type Quote, TirageProblem } from "@tirage/client";
import { partsOfPointer } from "../order-flags.ts";
import { createSlots } from "../watch/slots.ts";
import { faultsOfFile, type LineFault, type OrderOfFile } from "./read-orders.ts";

/** An order that the API would take, with what it makes. */
export interface CheckedOrder extends OrderOfFile {
  readonly quote: Quote;
}

const quotesAtOnce = 8;
/** Well below what the API takes: a prompt that may be too long is asked for itself. */
const surelyShortCharacters = 1_000;

/**
 * Asks the API what it would say to each order, before any of them is placed: a fault on the last line is told while
 * nothing was ordered yet. Orders that differ in nothing but their prompt are asked once.
 * @throws UsageError that names every faulty line.
 */
export async function checkOrders(
  client: Client,
  name: string,
  orders: readonly OrderOfFile[],
  signal: AbortSignal,
): Promise<CheckedOrder[]> {
  const inTurn = createSlots(quotesAtOnce);
  const asked = new Map<string, Promise<Quote | TirageProblem>>();
  const ask = (order: OrderOfFile): Promise<Quote | TirageProblem> => {
    const shape = shapeOf(order);
    const known = asked.get(shape);
    if (known) return known;
    const answer = inTurn(() => client.quotes.create(order.request, { signal })).catch((error: unknown) => {
      if (error instanceof TirageProblem && error.errors.length > 0) return error;
      throw error;
    });
    asked.set(shape, answer);
    return answer;
  };
  const answers = await Promise.all(orders.map(async (order) => ({ order, answer: await ask(order) })));
  const faults = answers.flatMap(({ order, answer }) =>
    answer instanceof TirageProblem ? faultsOfLine(order.line, answer) : [],
  );
  if (faults.length > 0) throw faultsOfFile(name, faults);
  return answers.flatMap(({ order, answer }) => (answer instanceof TirageProblem ? [] : [{ ...order, quote: answer }]));
}

function shapeOf({ request: { prompt, ...rest } }: OrderOfFile): string {
  const isSurelyGood = typeof prompt === "string" && prompt !== "" && prompt.length <= surelyShortCharacters;
  return JSON.stringify([isSurelyGood || prompt, rest]);
}

/** `/parameters/image_size` is the column `parameters.image_size`. */
const faultsOfLine = (line: number, { errors }: TirageProblem): LineFault[] =>
  errors.map(({ pointer, detail }) => {
    const place = partsOfPointer(pointer).join(".");
    return { line, detail: place === "" ? detail : `${place}: ${detail}` };
  });
