// The hidden checks of this assignment: never released. The rubric is the scores in them.
import { assignment } from "recsys-unlearning-kernel/course";
import { difficulty, lossGradients, minNormThree, minNormTwo } from "./checks-losses";
import { hardOrder, hitLevel, softOrder, stopAt } from "./checks-orders";

export default assignment({
  name: "curriculum",
  title: "A curriculum for forgetting",
  checks: [lossGradients, minNormTwo, minNormThree, difficulty, hardOrder, softOrder, hitLevel, stopAt],
  manual: [
    {
      name: "plot",
      cell: "plot",
      points: 4,
      rubric:
        "1: every method's path, kept against forgotten, axes named. 1: the level of what was never seen. 1: retrained. " +
        "1: judged in words by what is seen at the level, and who goes past it.",
    },
    {
      name: "question-1",
      cell: "question-1",
      points: 3,
      rubric:
        "1: retrained models guess too, so the level is not 0. 1: what is avoided leaves a trace, and is paid for by " +
        "the rest. 1: a damaged model would lower its own level.",
    },
    {
      name: "question-2",
      cell: "question-2",
      points: 3,
      rubric:
        "1: no loss of the batch rises, to first order. 1: not for finite steps, other batches or test events. " +
        "1: the difference of the orders is held against chance (standard error, or other draws).",
    },
    {
      name: "open",
      cell: "open",
      points: 4,
      rubric:
        "1: one thing changed, and an expectation. 1: a trial that can refute it. 1: more than one draw. " +
        "1: a conclusion that the numbers support.",
    },
  ],
});
