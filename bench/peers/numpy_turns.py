"""NumPy as its careful users write it: arrays made beforehand, `out=` everywhere, the step size in the last delta."""

import ctypes
import re

import numpy as np

from serve import OPTIONS, read_arrays, serve, weight_names


class Mlp:
    def __init__(self, spec):
        self.sizes, self.rows, self.batch, self.rate = (spec[k] for k in ("sizes", "rows", "batch", "rate"))
        arrays = read_arrays(spec["data"])
        self.inputs = arrays["inputs"]
        self.labels = arrays["labels"].astype(np.intp)
        self.initial = [arrays[name] for name in weight_names(self.sizes)]
        self.weights = [np.empty_like(each) for each in self.initial]
        self.steps = [np.empty_like(each) for each in self.initial]
        units = self.sizes[1:]
        self.outputs = [np.empty((self.batch, each), np.float32) for each in units]
        self.deltas = [np.empty((self.batch, each), np.float32) for each in units]
        self.passes = [np.empty((self.batch, each), bool) for each in units]
        self.row = np.empty((self.batch, 1), np.float32)
        self.every = np.arange(self.batch)

    def reset(self):
        for mine, initial in zip(self.weights, self.initial):
            np.copyto(mine, initial)

    def train_batch(self, first):
        weights, steps, outputs, deltas = self.weights, self.steps, self.outputs, self.deltas
        last = len(outputs) - 1
        x = self.inputs[first:first + self.batch]
        labels = self.labels[first:first + self.batch]
        source = x
        for k, output in enumerate(outputs):
            np.matmul(source, weights[2 * k], out=output)
            output += weights[2 * k + 1]
            if k < last:
                np.maximum(output, 0, out=output)
            source = output

        # Softmax, by the largest; each row's loss is the logarithm of its sum less the right output.
        logits, delta, row = outputs[last], deltas[last], self.row
        np.max(logits, axis=1, keepdims=True, out=row)
        logits -= row
        np.exp(logits, out=delta)
        np.sum(delta, axis=1, keepdims=True, out=row)
        delta /= row
        np.log(row, out=row)
        loss = row.sum() - logits[self.every, labels].sum()
        delta[self.every, labels] -= 1
        delta *= self.rate / self.batch

        for k in range(last, -1, -1):
            if k > 0:
                np.matmul(deltas[k], weights[2 * k].T, out=deltas[k - 1])
                np.greater(outputs[k - 1], 0, out=self.passes[k - 1])
                deltas[k - 1] *= self.passes[k - 1]
            np.matmul((x if k == 0 else outputs[k - 1]).T, deltas[k], out=steps[2 * k])
            weights[2 * k] -= steps[2 * k]
            np.sum(deltas[k], axis=0, out=steps[2 * k + 1])
            weights[2 * k + 1] -= steps[2 * k + 1]
        return loss

    def run(self, times):
        for _ in range(times):
            loss = 0.0
            for first in range(0, self.rows, self.batch):
                loss += self.train_batch(first)
        return loss / self.rows

    def result(self):
        return self.weights


class Lights:
    """Variants: `book` is the chapter's own loop, weights drawn from their seed; `out` keeps every array."""

    def __init__(self, spec):
        arrays = read_arrays(spec["data"])
        self.inputs, self.targets = arrays["inputs"], arrays["targets"]
        self.initial = [arrays["weights_0_1"], arrays["weights_1_2"]]
        self.epochs, self.alpha = spec["epochs"], spec["alpha"]
        self.train = self.by_the_book if OPTIONS["variant"] == "book" else self.in_place

    def reset(self):
        pass

    def run(self, times):
        for _ in range(times):
            error = self.train()
        return error

    def result(self):
        return self.weights

    def by_the_book(self):
        def relu(x):
            return (x > 0) * x

        def relu2deriv(output):
            return output > 0

        streetlights, walk_vs_stop, alpha = self.inputs, self.targets, self.alpha
        np.random.seed(1)
        weights_0_1 = 2 * np.random.random((3, 4)) - 1
        weights_1_2 = 2 * np.random.random((4, 1)) - 1
        for iteration in range(self.epochs):
            layer_2_error = 0
            for i in range(len(streetlights)):
                layer_0 = streetlights[i:i + 1]
                layer_1 = relu(np.dot(layer_0, weights_0_1))
                layer_2 = np.dot(layer_1, weights_1_2)
                layer_2_error += np.sum((layer_2 - walk_vs_stop[i:i + 1]) ** 2)
                layer_2_delta = layer_2 - walk_vs_stop[i:i + 1]
                layer_1_delta = layer_2_delta.dot(weights_1_2.T) * relu2deriv(layer_1)
                weights_1_2 -= alpha * layer_1.T.dot(layer_2_delta)
                weights_0_1 -= alpha * layer_0.T.dot(layer_1_delta)
        self.weights = [weights_0_1, weights_1_2]
        return layer_2_error

    def in_place(self):
        """Vectors instead of matrices of one row, numbers instead of arrays of one, and nothing is allocated in the loop."""
        rows = [(row, row[:, None], float(goal[0])) for row, goal in zip(self.inputs, self.targets)]
        alpha = self.alpha
        w01 = self.initial[0].copy()
        w12 = self.initial[1].ravel().copy()
        layer_1, delta_1, step = np.empty(4), np.empty(4), np.empty((3, 4))
        passes = np.empty(4, bool)
        dot, multiply, maximum, greater = np.dot, np.multiply, np.maximum, np.greater
        for _ in range(self.epochs):
            error = 0.0
            for row, column, goal in rows:
                dot(row, w01, out=layer_1)
                maximum(layer_1, 0, out=layer_1)
                delta_2 = float(dot(layer_1, w12)) - goal
                error += delta_2 * delta_2
                delta_2 *= alpha
                greater(layer_1, 0, out=passes)
                multiply(w12, delta_2, out=delta_1)
                multiply(delta_1, passes, out=delta_1)
                multiply(layer_1, delta_2, out=layer_1)
                w12 -= layer_1
                multiply(column, delta_1, out=step)
                w01 -= step
        self.weights = [w01, w12]
        return error


class Product:
    def __init__(self, spec):
        arrays = read_arrays(spec["data"])
        self.left, self.right = arrays["left"], arrays["right"]
        self.out = np.empty_like(self.left)

    def reset(self):
        pass

    def run(self, times):
        for _ in range(times):
            np.matmul(self.left, self.right, out=self.out)
        return 0

    def result(self):
        return [self.out]


def blas():
    """NumPy's BLAS and the kernels that it took for this processor, as the library itself says."""
    paths = [line.split()[-1] for line in open("/proc/self/maps") if "blas" in line]
    for path in dict.fromkeys(paths):
        library = ctypes.CDLL(path)
        for prefix, suffix in (("", ""), ("scipy_", "64_"), ("scipy_", ""), ("", "64_")):
            try:
                config = getattr(library, f"{prefix}openblas_get_config{suffix}")
                core = getattr(library, f"{prefix}openblas_get_corename{suffix}")
            except AttributeError:
                continue
            config.restype = core.restype = ctypes.c_char_p
            found = re.match(r"OpenBLAS [\d.]+\d", config().decode())
            return f"{found[0] if found else 'OpenBLAS'} {core().decode()}"
    return "unknown"


if __name__ == "__main__":
    serve({"numpy": np.__version__, "BLAS": blas()},
          {"mlp": Mlp, "lights": Lights, "product": Product})
