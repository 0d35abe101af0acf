/** A network asked for what it cannot do while it is trained. */
export class TrainingError extends Error {
  override readonly name = "TrainingError";
}
