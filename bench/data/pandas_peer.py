"""Times pandas' read_csv and the factorisation of its ids. Prints {"version", "ms": {"text": [...], "inferred": [...]}, "megabytes": peak}."""

import json
import sys
import time

import pandas
from peak_memory import peak_megabytes

path, repetitions = sys.argv[1], int(sys.argv[2])
# Ids are text: "007" is not "7". Where every id is a number, pandas' own guess is faster and loses what is not.
readings = {"text": {"dtype": {"user": str, "item": str}}, "inferred": {}}
milliseconds = {}
for name, options in readings.items():
    milliseconds[name] = []
    for _ in range(repetitions):
        start = time.perf_counter()
        frame = pandas.read_csv(path, **options)
        pandas.factorize(frame["user"])
        pandas.factorize(frame["item"])
        milliseconds[name].append(1000 * (time.perf_counter() - start))
print(json.dumps({"version": pandas.__version__, "ms": milliseconds, "megabytes": peak_megabytes()}))
