import { type ReactNode, useId } from "react";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { useModal } from "./use-modal.ts";

/** A modal dialog while it is rendered. */
export function Dialog({
  title,
  onClose,
  children,
  className,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
}) {
  const titleId = useId();
  return (
    <dialog
      {...useModal(onClose)}
      aria-labelledby={titleId}
      className={classNames("card m-auto w-[calc(100%-2rem)] max-w-lg p-0 shadow-2xl", className)}
    >
      <div className="flex items-center justify-between gap-4 border-b border-line py-3 pr-3 pl-5">
        <h2 id={titleId} className="min-w-0 truncate font-semibold">
          {title}
        </h2>
        <IconButton name="Close" icon="close" onClick={onClose} />
      </div>
      <div className="p-5">{children}</div>
    </dialog>
  );
}
