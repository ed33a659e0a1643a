"""The most resident memory of this process so far, in megabytes; None on Windows."""

import sys


def peak_megabytes():
    if sys.platform == "win32":
        return None
    import resource

    # bytes on macOS, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
