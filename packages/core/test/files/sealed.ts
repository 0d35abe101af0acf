import { checksum } from "../../src/files/checksum.ts";

/** A checkpoint as text whose checksum is that of its content, whatever was done to that. */
export function sealed(file: object): string {
  const { checksum: _, ...content } = file as Record<string, unknown>;
  return JSON.stringify({ ...content, checksum: checksum(JSON.stringify(content)) });
}
