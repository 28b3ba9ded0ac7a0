import {
  type DeadLetterView,
  findMessage,
  headerNames,
  itemIdOf,
  type Message,
  type MessageDefinition,
  maximumBodyBytes,
} from "@tirage/contracts";
import { z } from "zod";
import type { Fault } from "./fault.ts";
import { issueFaults } from "./issue-faults.ts";

export type Correction =
  | { readonly kind: "corrected"; readonly message: Message }
  /** Nothing says what its payload must be like. */
  | { readonly kind: "unknown"; readonly faults: readonly Fault[] }
  | { readonly kind: "invalid"; readonly faults: readonly Fault[] };

export interface CorrectionRequest {
  readonly payload: unknown;
  /** Whose order it is; undefined when there is no such order. */
  readonly ownerId: string | undefined;
}

/** What a payload may say of what it concerns. */
const concerns = z.object({
  tenantId: z.string().optional(),
  itemId: z.string().optional(),
  index: z.int().optional(),
  outputs: z.array(z.object({ storageKey: z.string() })).optional(),
});

/** The message of the letter with another payload: one that its schema takes, and that concerns the same. */
export function correctDeadLetter(letter: DeadLetterView, { payload, ownerId }: CorrectionRequest): Correction {
  const type = letter.headers[headerNames.type];
  const definition = findMessage({ type, subject: letter.subject });
  if (!definition) {
    const what = type === undefined ? `the subject ${letter.subject}` : `the type ${type}`;
    return { kind: "unknown", faults: [{ pointer: "", detail: `cannot be checked: no message here has ${what}` }] };
  }
  const message = createMessage(definition, payload);
  if (Array.isArray(message)) return { kind: "invalid", faults: message };
  const faults = [
    ...subjectFaults(definition, message, letter.subject),
    ...concernFaults(message, letter, ownerId),
    ...sizeFaults(message),
  ];
  return faults.length > 0 ? { kind: "invalid", faults } : { kind: "corrected", message };
}

function createMessage(definition: MessageDefinition, payload: unknown): Message | Fault[] {
  try {
    return definition.create(payload);
  } catch (error) {
    if (error instanceof z.ZodError) return issueFaults(error.issues, payload);
    throw error;
  }
}

/** A wait for its time keeps the places of the work's subject under another first word. */
function subjectFaults({ subjectPattern }: MessageDefinition, message: Message, subject: string): Fault[] {
  const tokens = subject.split(".");
  const places = subjectPattern.split(".");
  if (places.length !== tokens.length) return [{ pointer: "", detail: `does not belong on the subject ${subject}` }];
  const told = message.subject.split(".");
  return places.flatMap((place, at) => {
    if (!place.startsWith("{") || told[at] === tokens[at]) return [];
    const name = place.slice(1, -1);
    const pointer = Object.hasOwn(message.payload as object, name) ? `/${name}` : "";
    return [{ pointer, detail: `must stay ${tokens[at]}: the dead letter is of that ${name}` }];
  });
}

/** Whoever may replay a letter may not reach another order, tenant or stored output through it. */
function concernFaults({ payload }: Message, { orderId, index }: DeadLetterView, ownerId: string | undefined): Fault[] {
  const told = concerns.safeParse(payload).data;
  if (!told || orderId === null) return [];
  const faults: Fault[] = [];
  if (told.itemId !== undefined && index !== null && told.itemId !== itemIdOf(orderId, index)) {
    faults.push({ pointer: "/itemId", detail: `must stay ${itemIdOf(orderId, index)}: the item of the dead letter` });
  }
  if (ownerId === undefined) return faults;
  if (told.tenantId !== undefined && told.tenantId !== ownerId) {
    faults.push({ pointer: "/tenantId", detail: `must stay ${ownerId}, whose order it is` });
  }
  const folder = `${ownerId}/${orderId}/`;
  for (const [place, { storageKey }] of (told.outputs ?? []).entries()) {
    if (storageKey.startsWith(folder) && !storageKey.split("/").includes("..")) continue;
    faults.push({ pointer: `/outputs/${place}/storageKey`, detail: `must be within ${folder}` });
  }
  return faults;
}

const sizeFaults = ({ payload }: Message): Fault[] =>
  new TextEncoder().encode(JSON.stringify(payload)).length > maximumBodyBytes
    ? [{ pointer: "", detail: `must have at most ${maximumBodyBytes / 1_024} KiB as JSON` }]
    : [];
