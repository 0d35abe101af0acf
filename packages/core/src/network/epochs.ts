import type { Epoch } from "./options.ts";
import type { Training } from "./training.ts";
import { Turns } from "./turn.ts";

/**
 * The epochs of a training, one at a time. What is learnt is the network's before each is reported; `opened` is told what runs
 * it, and why.
 */
export async function* epochsOf(
  begin: () => Training,
  opened?: (plan: string) => void,
): AsyncGenerator<Epoch, void, undefined> {
  const training = begin();
  try {
    const session = await training.open();
    opened?.(session.plan());
    const turns = new Turns();
    const { rows, weights } = training.size;
    while (training.goesOn) {
      yield training.next();
      training.resume();
      const others = turns.after(rows, weights);
      if (others) await others;
    }
  } finally {
    training.close();
  }
}
