"""Reads the columns that bench/libraries hands to its peers: a safetensors file with numbers of 32 bits."""

import json
import struct

import numpy


def read_columns(path):
    """The arrays of the file by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    types = {"F32": numpy.float32, "I32": numpy.int32}
    columns = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            columns[name] = numpy.frombuffer(data[begin:end], dtype=types[entry["dtype"]]).reshape(entry["shape"])
    return columns
