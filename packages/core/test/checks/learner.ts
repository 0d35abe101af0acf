import type { Trace } from "../../src/trace/trace.ts";
import { runPython } from "../oracle/python.ts";

/** One batch of a network of dense relu layers in NumPy, written apart from the library, with a slip in it. */
const script = `
import json, sys, numpy as np
given = json.load(sys.stdin)
kind = np.float32 if given['float32'] else np.float64
alpha, slip, layer = kind(given['alpha']), given['slip'], given['layer']
W = [np.array(w, dtype=kind) for w in given['weights']]
B = [np.array(b, dtype=kind) for b in given['biases']]
x, goal = np.array(given['x'], dtype=kind), np.array(given['goal'], dtype=kind)
n, rows = len(W), len(given['x'])
out = {}
a = [x]
for k in range(n):
    s = a[k].dot(W[k]) + (B[k] if B else 0)
    a.append(s if k == n - 1 else (s > 0) * s)
    out[f'layer_{k + 1}'] = a[-1]
out[f'layer_{n}_error'] = given['error'] + np.sum((a[n].astype(float) - goal) ** 2)
delta = a[n] - goal
if given['mean'] != (slip == 'sum or mean'): delta = delta / kind(rows)
if slip == 'mean of all': delta = (a[n] - goal) / kind(goal.size)
if slip == 'factor': delta = 2 * delta
if slip == 'half': delta = delta / kind(2)
if slip == 'sign': delta = -delta
out[f'layer_{n}_delta'] = delta
new = [w.copy() for w in W]
for k in range(n - 1, -1, -1):
    step = a[k].T.dot(delta)
    if slip == 'no transpose' and layer == k: step = a[k].dot(delta)
    if slip == 'mean of gradient' and layer == k: step = step / kind(rows)
    rate = kind(1) if slip == 'alpha' and layer == k else alpha
    sign = -1 if slip == 'uphill' and layer == k else 1
    new[k] = W[k] - sign * rate * step
    if B: out[f'bias_{k + 1}'] = B[k] - alpha * delta.sum(axis=0)
    if slip == 'updated weights': W[k] = new[k]
    if k > 0:
        back = W[k] if slip == 'transpose' and layer == k else W[k].T
        delta = delta.dot(back)
        if not (slip == 'slope' and layer == k): delta = delta * (a[k] > 0)
        out[f'layer_{k}_delta'] = delta
for k in range(n): out[f'weights_{k}_{k + 1}'] = new[k]
read = lambda v: eval(np.array2string(np.asarray(v, dtype=float), separator=',', threshold=10**9), {'nan': np.nan})
print(json.dumps({name: read(v) for name, v in out.items()}))
`;

export interface Learner {
  readonly slip?: string;
  readonly layer?: number;
  readonly mean?: boolean;
  readonly float32?: boolean;
  readonly alpha?: number;
}

/** What a learner's NumPy prints, 8 digits an array, for the batch in which a trace stands. Leaves the trace there. */
export function learnt(
  trace: Trace,
  { slip = "none", layer = 0, mean = false, float32 = false, alpha = 0.2 }: Learner = {},
): Record<string, number[][] | number[] | number> {
  const { epoch, batch, step } = trace.position;
  trace.seek({ epoch, batch });
  const names = trace.program.data.arrays.filter(({ role }) => role === "weights").map(({ name }) => name);
  const rows = (name: string) => trace.read(name)!.toArray();
  const target = trace.program.data.arrays.find(({ role }) => role === "target")!.name;
  const metric = trace.program.data.arrays.find(({ role }) => role === "metric")!.name;
  const input = {
    slip,
    layer,
    mean,
    float32,
    alpha,
    weights: names.filter((name) => name.startsWith("weights")).map(rows),
    biases: names.filter((name) => name.startsWith("bias")).map(rows),
    x: rows("layer_0"),
    goal: rows(target),
    error: trace.read(metric)!.at(),
  };
  trace.seek({ epoch, batch, step });
  return JSON.parse(runPython(script, input));
}
