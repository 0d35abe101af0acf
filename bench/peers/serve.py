"""What the harness says to a contender and hears from it: one JSON object a line. The TypeScript side is src/protocol.ts."""

import json
import platform
import sys
import time

import numpy as np

OPTIONS = json.loads(sys.argv[1])
DTYPES = {"F64": np.float64, "F32": np.float32, "I32": np.int32, "U8": np.uint8}


def read_arrays(path):
    """The arrays of a safetensors file by name, as views of it."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    arrays = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        numbers = np.frombuffer(data, DTYPES[entry["dtype"]], offset=8 + length + first,
                                count=int(np.prod(entry["shape"])))
        arrays[name] = numbers.reshape(entry["shape"])
    return arrays


def weight_names(sizes):
    """The names of a network's weights in order: weights_0_1, bias_1, weights_1_2, ..."""
    return [name for k in range(len(sizes) - 1) for name in (f"weights_{k}_{k + 1}", f"bias_{k + 1}")]


def peak_memory():
    """The most memory that this process ever held, in bytes."""
    if sys.platform == "linux":
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def say(reply):
    print(json.dumps(reply), flush=True)


def serve(versions, kinds):
    """Answers until it is told to end. A kind of work is a class: made of a spec, with reset(), run(times) and result()."""
    say({"versions": {**versions, "python": platform.python_version()}})
    job = None
    for line in iter(sys.stdin.readline, ""):
        command = json.loads(line)
        try:
            if command["do"] == "open":
                job = None
                job = kinds[command["spec"]["kind"]](command["spec"])
                say({})
            elif command["do"] == "check":
                job.reset()
                loss = float(job.run(1))
                result = [np.asarray(each, np.float64).ravel() for each in job.result()]
                np.concatenate(result).tofile(command["result"])
                say({"loss": loss})
            elif command["do"] == "run":
                job.reset()
                start = time.perf_counter()
                job.run(command["times"])
                say({"seconds": time.perf_counter() - start})
            else:
                say({"peak": peak_memory()})
                return
        except Exception as error:
            say({"error": f"{type(error).__name__}: {error}"})
