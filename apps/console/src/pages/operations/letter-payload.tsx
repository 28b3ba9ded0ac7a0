import type { DeadLetter, DeadLetterCorrection } from "@tirage/client";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { PayloadEditor } from "./payload-editor.tsx";
import { PayloadViewer } from "./payload-viewer.tsx";

/** The original is not in these: nothing says what the message was. */
const hasOriginal = ({ subject, code }: DeadLetter) => !subject.startsWith("$JS.") && code !== "unreadable";

/** The payload to read, and to edit while the letter is not decided on. */
export function LetterPayload({
  letter,
  isOpen,
  onReplay,
  onEnd,
}: {
  letter: DeadLetter;
  isOpen: boolean;
  /** Rejects when it is refused. */
  onReplay: (payload: DeadLetterCorrection["payload"]) => Promise<void>;
  /** The editor is about to go, and the focus with it. */
  onEnd: () => void;
}) {
  const [isEdited, setEdited] = useState(false);
  const end = () => {
    setEdited(false);
    onEnd();
  };
  if (isEdited && isOpen) {
    return <PayloadEditor letter={letter} onReplay={(payload) => onReplay(payload).then(end)} onCancel={end} />;
  }
  return (
    <>
      <PayloadViewer letter={letter} />
      {isOpen && hasOriginal(letter) && (
        <Button size="small" className="mt-3" onClick={() => setEdited(true)}>
          Edit payload<span className="sr-only"> of dead letter {letter.id}</span>
        </Button>
      )}
    </>
  );
}
