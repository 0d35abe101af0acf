/** More memory than the host has. */
export class RoomError extends RangeError {
  override readonly name = "RangeError";
}

let giveUp: (() => void) | undefined;
let short = false;

/**
 * Says how to give up what is only kept to be quicker later, should memory be short. False where it has been, and nothing
 * should be kept.
 */
export function mayKeep(release: () => void): boolean {
  giveUp = release;
  return !short;
}

/** Gives up what is only kept to be quicker later; false where there is nothing such. */
export function makeRoom(): boolean {
  const release = giveUp;
  giveUp = undefined;
  release?.();
  return release !== undefined;
}

/**
 * Makes something of so many bytes. Where the host refuses, it is tried once more after what is only kept to be quicker has
 * been given up; then throws `RoomError`.
 */
export function withRoom<Made>(what: string, bytes: number, make: () => Made): Made {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  if (!makeRoom()) throw new RoomError(`${what} would take ${mebibytes(bytes)}: more memory than there is`);
  const made = withRoom(what, bytes, make);
  short = true;
  return made;
}

export function mebibytes(bytes: number): string {
  const count = Math.ceil(bytes / 1048576);
  return `${count < 1e15 ? count.toLocaleString("en") : count} MiB`;
}
