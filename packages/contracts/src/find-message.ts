import { allMessages } from "./all-messages.ts";
import type { MessageDefinition } from "./define-message.ts";

/** Which message it is: the one that `type` names; where no type is told, the one whose subjects look like this. */
export function findMessage({
  type,
  subject,
}: {
  readonly type: string | undefined;
  readonly subject: string;
}): MessageDefinition | undefined {
  if (type !== undefined) return allMessages.find((definition) => definition.type === type);
  const tokens = subject.split(".");
  return allMessages.find(({ subjectPattern }) => {
    const places = subjectPattern.split(".");
    return (
      places.length === tokens.length && places.every((place, at) => place.startsWith("{") || place === tokens[at])
    );
  });
}
