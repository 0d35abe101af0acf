/**
 * The number that parts the targets of two classes: 0.5 where they go from 0 to 1, the middle of the two where there are two,
 * such as 0 between −1 and 1, and else 0 where some are below it.
 */
export function middleOf(targets: ArrayLike<number>): number {
  let [least, most, different] = [Infinity, -Infinity, 0];
  for (let position = 0; position < targets.length; position++) {
    const value = targets[position]!;
    if (value === least || value === most) continue;
    different++;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (least >= 0 && most <= 1) return 0.5;
  if (different === 2) return (least + most) / 2;
  return least < 0 ? 0 : 0.5;
}
