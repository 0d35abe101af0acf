"""
PyTorch, in two variants. `modules` is what its guide teaches: nn.Module, autograd, an optimizer, `set_to_none`. `hand` writes
the derivatives down and calls only ops that write where they are told to, the update being part of the product.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from numpy_turns import blas
from serve import OPTIONS, read_arrays, serve, weight_names

torch.set_num_threads(OPTIONS["threads"])
torch.set_flush_denormal(True)


class Mlp:
    def __init__(self, spec):
        self.sizes, self.rows, self.batch, self.rate = (spec[k] for k in ("sizes", "rows", "batch", "rate"))
        arrays = {name: torch.from_numpy(each) for name, each in read_arrays(spec["data"]).items()}
        labels = arrays["labels"].long()
        self.batches = list(zip(arrays["inputs"].split(self.batch), labels.split(self.batch)))
        self.initial = [arrays[name] for name in weight_names(self.sizes)]


class Modules(Mlp):
    def __init__(self, spec):
        super().__init__(spec)
        layers = []
        for before, after in zip(self.sizes, self.sizes[1:]):
            layers += [nn.Linear(before, after), nn.ReLU()]
        self.model = nn.Sequential(*layers[:-1])
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=self.rate)

    def reset(self):
        with torch.no_grad():
            for mine, initial in zip(self.model.parameters(), self.initial):
                mine.copy_(initial.t())

    def run(self, times):
        model, optimizer = self.model, self.optimizer
        for _ in range(times):
            total = torch.zeros(())
            for x, y in self.batches:
                optimizer.zero_grad(set_to_none=True)
                loss = F.cross_entropy(model(x), y)
                loss.backward()
                optimizer.step()
                total += loss.detach()
        return total.item() / len(self.batches)

    def result(self):
        return [each.detach().t().contiguous().numpy() for each in self.model.parameters()]


class Hand(Mlp):
    def __init__(self, spec):
        super().__init__(spec)
        self.weights = [torch.empty_like(each) for each in self.initial]
        self.outputs = [torch.empty(self.batch, units) for units in self.sizes[1:]]
        self.deltas = [torch.empty(self.batch, units) for units in self.sizes[1:]]
        self.log = torch.empty(self.batch, self.sizes[-1])
        self.ones = torch.ones(self.batch)
        self.hot = [F.one_hot(y, self.sizes[-1]).float() for _, y in self.batches]

    def reset(self):
        for mine, initial in zip(self.weights, self.initial):
            mine.copy_(initial)

    @torch.inference_mode()
    def run(self, times):
        weights, outputs, deltas, log = self.weights, self.outputs, self.deltas, self.log
        last = len(outputs) - 1
        for _ in range(times):
            total = torch.zeros(())
            for (x, _), hot in zip(self.batches, self.hot):
                source = x
                for k, output in enumerate(outputs):
                    torch.addmm(weights[2 * k + 1], source, weights[2 * k], out=output)
                    if k < last:
                        output.relu_()
                    source = output
                torch.log_softmax(outputs[last], 1, out=log)
                total -= torch.dot(log.view(-1), hot.view(-1))
                torch.exp(log, out=deltas[last])
                deltas[last].sub_(hot)
                step = -self.rate / self.batch
                for k in range(last, -1, -1):
                    if k > 0:
                        torch.mm(deltas[k], weights[2 * k].t(), out=deltas[k - 1])
                        torch.ops.aten.threshold_backward.grad_input(deltas[k - 1], outputs[k - 1], 0,
                                                                     grad_input=deltas[k - 1])
                    weights[2 * k].addmm_((x if k == 0 else outputs[k - 1]).t(), deltas[k], alpha=step)
                    weights[2 * k + 1].addmv_(deltas[k].t(), self.ones, alpha=step)
        return total.item() / (len(self.batches) * self.batch)

    def result(self):
        return [each.numpy() for each in self.weights]


class Lights:
    def __init__(self, spec):
        arrays = {name: torch.from_numpy(each) for name, each in read_arrays(spec["data"]).items()}
        self.initial = [arrays["weights_0_1"], arrays["weights_1_2"]]
        self.rows = list(zip(arrays["inputs"].split(1), arrays["targets"].split(1)))
        self.epochs, self.alpha = spec["epochs"], spec["alpha"]
        self.train = self.by_hand if OPTIONS["variant"] == "hand" else self.by_autograd

    def reset(self):
        pass

    def run(self, times):
        for _ in range(times):
            error = self.train()
        return error

    def result(self):
        return [each.detach().numpy() for each in self.weights]

    def by_autograd(self):
        w01, w12 = self.weights = [each.clone().requires_grad_() for each in self.initial]
        optimizer = torch.optim.SGD(self.weights, lr=self.alpha)
        for _ in range(self.epochs):
            error = 0.0
            for x, goal in self.rows:
                optimizer.zero_grad(set_to_none=True)
                loss = ((x.mm(w01).relu().mm(w12) - goal) ** 2).sum()
                (loss / 2).backward()
                optimizer.step()
                error += loss.item()
        return error

    @torch.inference_mode()
    def by_hand(self):
        w01, w12 = self.weights = [each.clone() for each in self.initial]
        alpha = self.alpha
        for _ in range(self.epochs):
            error = 0.0
            for x, goal in self.rows:
                layer_1 = x.mm(w01).relu_()
                delta_2 = layer_1.mm(w12).sub_(goal)
                error += delta_2.item() ** 2
                delta_1 = delta_2.mm(w12.t()).mul_(layer_1 > 0)
                w12.addmm_(layer_1.t(), delta_2, alpha=-alpha)
                w01.addmm_(x.t(), delta_1, alpha=-alpha)
        return error


class Product:
    def __init__(self, spec):
        arrays = {name: torch.from_numpy(each) for name, each in read_arrays(spec["data"]).items()}
        self.left, self.right = arrays["left"], arrays["right"]
        self.out = torch.empty_like(self.left)

    def reset(self):
        pass

    @torch.inference_mode()
    def run(self, times):
        for _ in range(times):
            torch.mm(self.left, self.right, out=self.out)
        return 0

    def result(self):
        return [self.out.numpy()]


def capability():
    found = [line for line in torch.__config__.show().splitlines() if "CPU capability" in line]
    return found[0].split(":")[-1].split()[-1] if found else "unknown"


if __name__ == "__main__":
    serve({"torch": torch.__version__, "BLAS": blas(), "ATen": capability(), "numpy": np.__version__},
          {"mlp": Hand if OPTIONS["variant"] == "hand" else Modules, "lights": Lights, "product": Product})
