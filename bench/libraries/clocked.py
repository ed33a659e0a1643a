"""What a piece of work took: seconds of the clock and of the processors, and the most memory of this process so far."""

import time

from peak_memory import peak_megabytes


def clocked(work, parts=1):
    """What the work returned, and {seconds, processorSeconds, megabytes}; the times are of one of its parts."""
    seconds, processor = time.perf_counter(), processor_seconds()
    value = work()
    return value, taken((time.perf_counter() - seconds) / parts, (processor_seconds() - processor) / parts)


def taken(seconds, processor):
    """What a piece of work took, as bench/libraries/works.ts reads it."""
    return {"seconds": seconds, "processorSeconds": processor, "megabytes": peak_megabytes()}


def processor_seconds():
    """Of all threads of this process, and of its child processes that have ended."""
    try:
        import resource
    except ImportError:  # Windows
        return time.process_time()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
