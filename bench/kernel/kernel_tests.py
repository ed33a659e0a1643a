"""PyPI's jupyter-kernel-test on one kernel, with code of its language: python kernel_tests.py KERNEL SAMPLES

SAMPLES names the class below. Prints one JSON object, from the name of each test to "ok" or to what was wrong. A test
that has nothing to run, or takes a minute, has not passed.
"""

import json
import signal
import sys
import unittest

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel

SECONDS = 60
START_SECONDS = 180


class Samples:
    """What a kernel has no way to do is left empty."""

    completion_samples = [{"text": "Math.flo", "matches": ["floor"]}]
    complete_code_samples = ["1 + 1", "const a = 1"]
    incomplete_code_samples = ["const a = {", "function f() {"]
    invalid_code_samples = ["const = 5;"]
    code_hello_world = "console.log('hello, world')"
    code_stderr = "console.error('test')"
    code_generate_error = "throw new Error('meant')"
    code_execute_result = [{"code": "1 + 1", "result": "2"}, {"code": "6 * 7", "result": "42"}]
    code_history_pattern = "1*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.floor"
    # What takes long the first time: the suite gives each cell 15 seconds.
    first_cell = "1"
    language_name = "typescript"
    file_extension = ".ts"


class Ours(Samples):
    first_cell = "import { clearOutput, page } from 'recsys-unlearning/notebook'"
    code_page_something = "import { page } from 'recsys-unlearning/notebook'; page('a page')"
    code_clear_output = "import { clearOutput } from 'recsys-unlearning/notebook'; clearOutput()"
    code_display_data = [
        {"code": "import * as tslab from 'tslab'; tslab.display.html('<b>bold</b>')", "mime": "text/html"}
    ]


class Tslab(Samples):
    code_display_data = Ours.code_display_data


class Deno(Samples):
    code_clear_output = "await Deno.jupyter.broadcast('clear_output', { wait: false })"
    code_display_data = [
        {
            "code": "await Deno.jupyter.broadcast('display_data',"
            " { data: { 'text/html': '<b>bold</b>' }, metadata: {}, transient: {} })",
            "mime": "text/html",
        }
    ]


class Python:
    completion_samples = [{"text": "zi", "matches": {"zip"}}]
    complete_code_samples = ["1 + 1", "a = 1"]
    incomplete_code_samples = ["def f(x):", "a = {"]
    invalid_code_samples = ["import = 7q"]
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    code_generate_error = "raise ValueError('meant')"
    code_execute_result = [{"code": "1 + 1", "result": "2"}, {"code": "6 * 7", "result": "42"}]
    code_history_pattern = "1*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "zip"
    first_cell = "1"
    code_page_something = "zip?"
    code_clear_output = "from IPython.display import clear_output; clear_output()"
    code_display_data = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>bold</b>'))", "mime": "text/html"}
    ]
    language_name = "python"
    file_extension = ".py"


class Verdicts(unittest.TestResult):
    """What each test came to; a part that failed or was skipped is its whole test's."""

    def __init__(self):
        super().__init__()
        self.found = {}

    def note(self, test, said):
        whole = getattr(test, "test_case", test)
        self.found.setdefault(whole.id().split(".")[-1], said)

    def addSuccess(self, test):
        self.note(test, "ok")

    def addFailure(self, test, error):
        self.note(test, f"{error[0].__name__}: {error[1]}"[:300])

    addError = addFailure

    def addSkip(self, test, reason):
        self.note(test, f"skipped: {reason}")

    def addSubTest(self, test, part, error):
        if error is not None:
            self.addFailure(test, error)


def too_late(*_):
    raise TimeoutError(f"no end within {SECONDS} s")


class Limited:
    @classmethod
    def tearDownClass(cls):
        # The suite's own end closes the manager's sockets before it uses them.
        cls.km.shutdown_kernel(now=True)
        cls.kc.stop_channels()

    def setUp(self):
        signal.alarm(SECONDS)

    def tearDown(self):
        signal.alarm(0)


class Kernel(Limited, jupyter_kernel_test.KernelTests):
    @classmethod
    def setUpClass(cls):
        # As the suite does it, with more patience for a busy machine.
        cls.km, cls.kc = start_new_kernel(kernel_name=cls.kernel_name, startup_timeout=START_SECONDS)
        cls.kc.execute_interactive(cls.first_cell, timeout=START_SECONDS, output_hook=lambda _: None)


class Welcome(Limited, jupyter_kernel_test.IopubWelcomeTests):
    support_iopub_welcome = True


def main(kernel, samples):
    signal.signal(signal.SIGALRM, too_late)
    code = {"Ours": Ours, "Tslab": Tslab, "Deno": Deno, "Python": Python}[samples]
    cases = [
        type("JudgedKernel", (code, Kernel), {"kernel_name": kernel}),
        type("JudgedWelcome", (Welcome,), {"kernel_name": kernel}),
    ]
    verdicts = Verdicts()
    for case in cases:
        unittest.defaultTestLoader.loadTestsFromTestCase(case).run(verdicts)
    print(json.dumps(verdicts.found))


main(*sys.argv[1:])
