// The hidden checks of this assignment: never released. The rubric is the scores in them.
import { assignment } from "recsys-unlearning-kernel/course";
import { gaussNewton, gradient, hvp } from "./checks-products";
import { agreement, conjugateGradient, forget } from "./checks-steps";

export default assignment({
  name: "influence",
  title: "What one rating did to a model",
  checks: [gradient, hvp, gaussNewton, conjugateGradient, forget, agreement],
  manual: [
    {
      name: "plot",
      cell: "plot",
      points: 3,
      rubric:
        "1: all ratings of `nearby`, retrained on x, both estimates on y, axes named. 1: the line of agreement. " +
        "1: judged in words by what is seen: H on the line, G in the right direction and too short.",
    },
    {
      name: "fails",
      cell: "fails",
      points: 4,
      rubric:
        "1: sizes 1 to 256 with several draws each, retrained for each. 1: the relative error is of changes of logits " +
        "on rows that stay. 1: H and G, readable axes. 1: a third line that tests one condition.",
    },
    {
      name: "question-1",
      cell: "question-1",
      points: 3,
      rubric:
        "1 each, up to 3, with evidence from the student's own curve or experiment: first order only, so large requests " +
        "fail; not at a minimum; not positive definite, so steps may be of any length, and G is safe; another minimum.",
    },
    {
      name: "question-2",
      cell: "question-2",
      points: 2,
      rubric: "1: rotations leave the loss alone. 1: two retrainings bound what agreement means (the noise floor).",
    },
    {
      name: "open",
      cell: "open",
      points: 2,
      rubric: "1: an expectation and a trial that can refute it. 1: a conclusion that the number shown supports.",
    },
  ],
});
