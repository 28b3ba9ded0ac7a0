/** Image formats that are kept, told by their first bytes: what a host calls its content is no evidence. */
export interface ImageFormat {
  readonly contentType: string;
  /** Without a dot. */
  readonly extension: string;
}

const formats: readonly (ImageFormat & { readonly matches: (bytes: Buffer) => boolean })[] = [
  {
    contentType: "image/png",
    extension: "png",
    matches: (bytes) => bytes.toString("latin1", 0, 8) === "\x89PNG\r\n\x1a\n",
  },
  {
    contentType: "image/jpeg",
    extension: "jpg",
    matches: (bytes) => bytes.toString("latin1", 0, 3) === "\xff\xd8\xff",
  },
  {
    contentType: "image/webp",
    extension: "webp",
    matches: (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP",
  },
  {
    contentType: "image/gif",
    extension: "gif",
    matches: (bytes) => /^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6)),
  },
  {
    contentType: "image/avif",
    extension: "avif",
    matches: (bytes) => /^ftypavi[fs]$/.test(bytes.toString("latin1", 4, 12)),
  },
];

/** Undefined for anything else, SVG and HTML included. */
export function readImageFormat(bytes: Buffer): ImageFormat | undefined {
  return formats.find(({ matches }) => matches(bytes));
}
