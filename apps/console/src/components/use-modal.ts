import { type PointerEvent, type RefObject, type SyntheticEvent, useEffect, useRef } from "react";

interface ModalProps {
  ref: RefObject<HTMLDialogElement | null>;
  onCancel: (event: SyntheticEvent) => void;
  onPointerDown: (event: PointerEvent) => void;
  onClick: (event: SyntheticEvent) => void;
}

/**
 * What makes a `<dialog>` modal while it is rendered. The browser traps the focus meanwhile; Escape and a click beside it
 * close it, and the focus returns to what `findHeir` finds, else to what had it.
 */
export function useModal(onClose: () => void, findHeir?: () => Element | null): ModalProps {
  const dialog = useRef<HTMLDialogElement>(null);
  const heir = useRef(findHeir);
  heir.current = findHeir;
  const isPressedBeside = useRef(false);
  useEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      const target = heir.current?.() ?? opener;
      if (target instanceof HTMLElement) target.focus();
    };
  }, []);
  return {
    ref: dialog,
    onCancel(event) {
      event.preventDefault();
      onClose();
    },
    onPointerDown(event) {
      isPressedBeside.current = event.target === event.currentTarget;
    },
    onClick(event) {
      // Text that is selected from within to beyond the edge ends beside it, and was not meant to close it.
      if (isPressedBeside.current && event.target === event.currentTarget) onClose();
    },
  };
}
