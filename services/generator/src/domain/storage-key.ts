/** Where an output is kept. The same output always has the same key, so storing it again replaces it by itself. */
export interface OutputPlace {
  readonly tenantId: string;
  readonly orderId: string;
  readonly index: number;
  readonly attempt: number;
  readonly outputIndex: number;
  /** File name extension without a dot. */
  readonly extension: string;
}

/** `<tenant>/<order>/<index>/<attempt>/<output>.<extension>`: one order's outputs are one folder. */
export function storageKeyOf({ tenantId, orderId, index, attempt, outputIndex, extension }: OutputPlace): string {
  return `${tenantId}/${orderId}/${index}/${attempt}/${outputIndex}.${extension}`;
}
