/** A failure that its user can do something about; the message is one readable line and needs no stack. */
export class StackError extends Error {
  override name = "StackError";
}
