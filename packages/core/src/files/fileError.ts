/** No error about a file is longer: what it quotes may be the whole file. */
const longest = 300;

/** A file whose content is not what it claims to be, or that would take more than its reader's limits. */
export class FileError extends Error {
  override readonly name = "FileError";

  constructor(problem: string) {
    super(shortened(problem));
  }
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

/** What `read` gives; of an error that it throws, whatever its class, at most 300 characters. */
export function briefly<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error) || error.message.length <= longest) throw error;
    throw new (error.constructor as new (message: string) => Error)(shortened(error.message));
  }
}
