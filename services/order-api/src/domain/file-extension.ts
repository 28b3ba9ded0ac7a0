/** Of a file that holds such content, without a dot. */
export const extensionOf = (contentType: string): string =>
  /^image\/([a-z0-9]+)/.exec(contentType)?.[1]?.replace("jpeg", "jpg") ?? "bin";
