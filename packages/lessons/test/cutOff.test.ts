import { expect, test } from "vitest";
import { runPython } from "../../core/test/oracle/python.ts";
import { printChapter } from "../src/chapter.ts";

/**
 * Cells 1 and 4 as the notebook has them, with each dot product added up term by term, since NumPy's own may fuse
 * or reorder. Only this tells what the page cuts off.
 */
const cells = `
import numpy as np

streetlights = np.array([[1, 0, 1], [0, 1, 1], [0, 0, 1], [1, 1, 1], [0, 1, 1], [1, 0, 1]])

def dot(a, b):
    return np.add.accumulate(a * b)[-1]

def show(x):
    return repr(float(x))

print('# In [1]')
walk_vs_stop = np.array([[0], [1], [0], [1], [1], [0]])
weights = np.array([0.5, 0.48, -0.7])
for iteration in range(20):
    prediction = dot(streetlights[0], weights)
    error = (walk_vs_stop[0] - prediction) ** 2
    delta = prediction - walk_vs_stop[0]
    weights = weights - 0.1 * (streetlights[0] * delta)
    print('Error:' + str(error) + ' Prediction:' + show(prediction))

print('# In [4]')
weights = np.array([0.5, 0.48, -0.7])
for iteration in range(40):
    error_for_all_lights = 0
    for row in range(6):
        prediction = dot(streetlights[row], weights)
        error_for_all_lights += (0 - prediction) * (0 - prediction)
        weights = weights - 0.1 * (streetlights[row] * (prediction - 0))
        print('Prediction : ' + show(prediction))
    print('Error for all : ' + show(error_for_all_lights) + ' \\n')
`;

test("what the page cuts off is what Python prints", async () => {
  const lines: string[] = [];
  await printChapter((line) => lines.push(`${line}\n`));
  const ours = lines.join("");
  const [first, , fourth] = ours.split(/^(?=# In \[(?:15|4|5)\])/m);
  expect(`${first}${fourth}`).toBe(runPython(cells));
});
