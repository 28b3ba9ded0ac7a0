/** Formats the sandbox can encode. */
export type PictureFormat = "png" | "jpeg" | "webp";

/** Everything a picture is drawn from; equal pictures give equal bytes. */
export interface Picture {
  readonly prompt: string;
  readonly seed: number;
  readonly index: number;
  /** Pixels as delivered. */
  readonly width: number;
  readonly height: number;
  readonly format: PictureFormat;
  /** A black frame, as fal puts in the place of an output its safety checker flagged. */
  readonly black: boolean;
}

/** What an input asks for, after a model's defaults. Width and height are as ordered, not yet scaled down. */
export interface OutputOrder {
  readonly prompt: string;
  readonly seed: number;
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly format: PictureFormat;
}

export const contentTypes: Readonly<Record<PictureFormat, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
};

/** Scales a size down, keeping its shape, until its longest edge is at most `maxEdgePx`. Never scales up. */
export function fitSize(size: { width: number; height: number }, maxEdgePx: number): { width: number; height: number } {
  const scale = Math.min(1, maxEdgePx / Math.max(size.width, size.height));
  return {
    width: Math.max(1, Math.round(size.width * scale)),
    height: Math.max(1, Math.round(size.height * scale)),
  };
}

/** The picture at one index of an order. */
export function pictureAt(order: OutputOrder, index: number, maxEdgePx: number, black: boolean): Picture {
  const { prompt, seed, format } = order;
  return { prompt, seed, index, format, black, ...fitSize(order, maxEdgePx) };
}
