"""Whole trainings by PyTorch, 200 updates each in float64, with which trainings.test.ts compares ours.

Run by hand, from the repository's root, with Debian's PyTorch (`apt-get install python3-torch`):

    /usr/bin/python3 packages/core/test/torch/make.py && npm run format

It writes trainings.json beside itself: the versions that made it, the problems (rows, batch, starting weights)
and, for each run, the calls, the loss of every epoch and the weights at the end, to 13 digits. The tests read that
file and need no PyTorch.
"""

import json
import pathlib
import platform

import torch

# The words of the calls in RUNS, which are text so that the file says what was called.
from torch.nn import *
from torch.nn.utils import clip_grad_value_
from torch.optim import *
from torch.optim.lr_scheduler import *

UPDATES = 200

# Rows in this order, in batches of which the last is partial. One start for all runs of a problem.
PROBLEMS = {
    "numbers": {"sizes": [3, 5, 4, 2], "rows": 14, "batch": 3},
    "classes": {"sizes": [4, 5, 4, 4], "rows": 17, "batch": 5},
    "shares": {"sizes": [4, 5, 4, 4], "rows": 17, "batch": 5},
    "marks": {"sizes": [3, 5, 4, 2], "rows": 14, "batch": 3},
}

# Problem, the two hidden activations, loss, optimizer of the weights w; and what goes with it, if anything: a
# scheduler of the optimizer o, stepped after each epoch or each update, or the clipping of derivatives.
RUNS = {
    "sgd": ["numbers", "Tanh(), ReLU()", "MSELoss()", "SGD(w, lr=0.1)"],
    "momentum": ["numbers", "Tanh(), ReLU()", "MSELoss()", "SGD(w, lr=0.05, momentum=0.9)"],
    "nesterov": ["numbers", "ReLU(), Tanh()", "MSELoss()", "SGD(w, lr=0.05, momentum=0.8, nesterov=True)"],
    "weight decay": ["numbers", "Sigmoid(), Tanh()", "MSELoss()", "SGD(w, lr=0.1, weight_decay=0.02)"],
    "clipped": [
        *("numbers", "LeakyReLU(0.1), Tanh()", "MSELoss()", "SGD(w, lr=0.1)"),
        {"clipping": "clip_grad_value_(w, 0.05)"},
    ],
    "huber": [
        *("numbers", "Softplus(), ReLU()", "HuberLoss(reduction='sum', delta=0.4)"),
        "SGD(w, lr=0.02, momentum=0.9)",
    ],
    "absolute": ["numbers", "Tanh(), Sigmoid()", "L1Loss()", "SGD(w, lr=0.02, momentum=0.5)"],
    "rmsprop": ["numbers", "Tanh(), Softplus()", "MSELoss()", "RMSprop(w, lr=0.01)"],
    "rmsprop, other options": [
        *("marks", "Tanh(), ReLU()", "BCEWithLogitsLoss(reduction='sum')"),
        "RMSprop(w, lr=0.005, alpha=0.9, eps=1e-6)",
    ],
    "marks": ["marks", "ReLU(), Tanh()", "BCEWithLogitsLoss(reduction='sum')", "SGD(w, lr=0.02, momentum=0.9)"],
    "classifier": ["classes", "ReLU(), Tanh()", "CrossEntropyLoss()", "SGD(w, lr=0.1, momentum=0.9)"],
    "classifier, summed": [
        *("classes", "Sigmoid(), ReLU()", "CrossEntropyLoss(reduction='sum')"),
        "SGD(w, lr=0.05)",
    ],
    "classifier of shares": ["shares", "Tanh(), ReLU()", "CrossEntropyLoss()", "SGD(w, lr=0.1, momentum=0.9)"],
    "adam": ["classes", "Tanh(), ReLU()", "CrossEntropyLoss()", "Adam(w, lr=0.01)"],
    "adam, other options": [
        *("shares", "Softplus(), Tanh()", "CrossEntropyLoss()"),
        "Adam(w, lr=0.01, betas=(0.8, 0.95), eps=1e-5)",
    ],
    "adam and weight decay": [
        *("classes", "Tanh(), Tanh()", "CrossEntropyLoss()"),
        "Adam(w, lr=0.01, weight_decay=0.05)",
    ],
    "adamw": ["classes", "Tanh(), ReLU()", "CrossEntropyLoss()", "AdamW(w, lr=0.01)"],
    "adamw, other options": ["numbers", "Tanh(), ReLU()", "MSELoss()", "AdamW(w, lr=0.02, weight_decay=0.2)"],
    "adam by steps": [
        *("classes", "Tanh(), ReLU()", "CrossEntropyLoss()", "Adam(w, lr=0.02)"),
        {"each epoch": "StepLR(o, step_size=10, gamma=0.5)"},
    ],
    "adam by a cosine": [
        *("classes", "Tanh(), ReLU()", "CrossEntropyLoss()", "Adam(w, lr=0.02)"),
        {"each update": "CosineAnnealingLR(o, T_max=200, eta_min=0.001)"},
    ],
    "adamw after a warm-up": [
        *("numbers", "Tanh(), ReLU()", "MSELoss()", "AdamW(w, lr=0.02)"),
        {"each update": "LinearLR(o, start_factor=0.05, total_iters=19)"},
    ],
}


def draw(name, sizes, rows, batch):
    """Inputs, targets and the start that Linear itself draws, to three decimals."""
    shorten = lambda x: (x * 1000).round() / 1000
    inputs, outputs = shorten(torch.randn(rows, sizes[0])), sizes[-1]
    if name == "numbers":
        curve = torch.sin(inputs @ torch.randn(sizes[0], outputs))
        targets = shorten(curve + 0.1 * torch.randn(rows, outputs))
    elif name == "classes":
        targets = (inputs @ torch.randn(sizes[0], outputs)).argmax(1)
    elif name == "shares":
        targets = functional.one_hot(torch.randint(outputs, (rows, 4)), outputs).double().mean(1)
    else:
        targets = (inputs @ torch.randn(sizes[0], outputs) > 0).double()
    weights = {}
    for k, (n, m) in enumerate(zip(sizes, sizes[1:])):
        layer = Linear(n, m)
        weights[f"weights_{k}_{k + 1}"] = shorten(layer.weight.detach().T)
        weights[f"bias_{k + 1}"] = shorten(layer.bias.detach())
    return {"inputs": inputs, "targets": targets, "batch": batch, "weights": weights}


def train(problem, activations, loss, optimizer, beside):
    inputs, targets, batch, start = (problem[key] for key in ("inputs", "targets", "batch", "weights"))
    arrays = list(start.values())
    layers = []
    for weights, bias in zip(arrays[::2], arrays[1::2]):
        layers.append(Linear(*weights.shape))
        layers[-1].weight.data, layers[-1].bias.data = weights.T.clone(), bias.clone()
    first, second = eval(activations)
    network = Sequential(layers[0], first, layers[1], second, layers[2])
    w = list(network.parameters())
    o = eval(optimizer)
    criterion = eval(loss)
    clipping = beside.get("clipping", "None")
    each_update = eval(beside.get("each update", "None"))
    each_epoch = eval(beside.get("each epoch", "None"))

    losses, updates = [], 0
    while updates < UPDATES:
        total = 0.0
        for row in range(0, len(inputs), batch):
            x, goal = inputs[row : row + batch], targets[row : row + batch]
            o.zero_grad()
            value = criterion(network(x), goal)
            value.backward()
            eval(clipping)
            o.step()
            updates += 1
            if each_update:
                each_update.step()
            total += value.item() * (1 if criterion.reduction == "sum" else len(x))
        if each_epoch:
            each_epoch.step()
        losses.append(total / (1 if criterion.reduction == "sum" else len(inputs)))
    assert updates == UPDATES
    arrays = [array for layer in layers for array in (layer.weight.detach().T, layer.bias.detach())]
    return {"losses": losses, "weights": dict(zip(start, arrays))}


def plain(value):
    """The same with lists for tensors, and numbers to 13 digits."""
    if isinstance(value, torch.Tensor):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(f"{value:.13g}") if isinstance(value, float) else value


torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(1)
problems = {name: draw(name, **sizes) for name, sizes in PROBLEMS.items()}
runs = {}
for name, (problem, activations, loss, optimizer, *beside) in RUNS.items():
    beside = beside[0] if beside else {}
    calls = {"problem": problem, "activations": activations, "loss": loss, "optimizer": optimizer, **beside}
    runs[name] = {**calls, **train(problems[problem], activations, loss, optimizer, beside)}
made = {"torch": torch.__version__, "python": platform.python_version(), "updates": UPDATES}
out = pathlib.Path(__file__).with_name("trainings.json")
out.write_text(json.dumps({"made": made, "problems": plain(problems), "runs": plain(runs)}, indent=1) + "\n")
