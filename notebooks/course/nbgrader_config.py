"""nbgrader on the folders of this course.

Run it here: `nbgrader generate_assignment influence`, `nbgrader autograde influence`, `nbgrader generate_feedback
influence`. nbgrader needs the kernel: start it where `npm run lab` starts JupyterLab, or after `npm run kernel -- install`.

Its hidden tests run in the student's own process. A student can read and forge there whatever they like. Marks that
matter come from `npm run course -- grade`, which never runs them.
"""

import os

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "recsys-unlearning"
# The grader's checks are never handed out.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    "checks*",
    "report.json",
]

# What stands in the place of a solution; `npm run course -- release` has the same.
c.ClearSolutions.code_stub = {
    "typescript": '// YOUR CODE HERE\nthrow new Error("not implemented");',
}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

c.ExecutePreprocessor.timeout = 120
c.Execute.timeout = 120

# Untyped but right code earns its marks: wrong types are warnings.
os.environ.setdefault("RECSYS_TYPES", "lenient")
