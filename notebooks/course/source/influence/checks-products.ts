// Hidden checks of the gradient and of products with second derivatives: never released.
import { numericCheck } from "recsys-unlearning-kernel/course";
import {
  type Addition,
  bends,
  crossedTwists,
  curved,
  dot,
  drawProblem,
  gaussNewtonOf,
  gradientOf,
  hvpOf,
  plus,
  type Problem,
  problemArgs,
  productArgs,
  pulls,
  summed,
  times,
  twists,
} from "./checks-answers";

export const gradient = numericCheck<Problem>({
  name: "gradient",
  title: "Gradient of matrix factorisation",
  points: 4,
  cell: "gradient-test",
  call: "gradient",
  draw: drawProblem,
  args: problemArgs,
  right: gradientOf,
  mistakes: [
    {
      name: "sign",
      score: 0.5,
      comment: "It points the other way: the gradient points to where the loss rises.",
      as: (problem) => times(gradientOf(problem), -1),
    },
    {
      name: "forgot the regulariser",
      score: 0.5,
      comment: "The ratings' part is right. The regulariser has a gradient too.",
      as: (problem) => summed(problem, pulls),
    },
    {
      name: "factor of the regulariser",
      score: 0.75,
      comment: "The ratings' part is right. Differentiate the square in the regulariser once more.",
      as: (problem) => plus(summed(problem, pulls), problem.theta, problem.lambda / 2),
    },
    {
      name: "factor of the regulariser",
      score: 0.75,
      comment: "The ratings' part is right. Where has the 1/2 of the regulariser gone?",
      as: (problem) => plus(summed(problem, pulls), problem.theta, 2 * problem.lambda),
    },
    {
      name: "mean for sum",
      score: 0.5,
      comment: "Equation 1 is a sum over the ratings, not a mean.",
      as: (problem) => times(gradientOf(problem), 1 / problem.rows.length),
    },
    {
      name: "mean for sum",
      score: 0.5,
      comment: "Equation 1 is a sum over the ratings, not a mean.",
      as: (problem) => plus(times(summed(problem, pulls), 1 / problem.rows.length), problem.theta, problem.lambda),
    },
    {
      name: "wrong axis",
      score: 0.25,
      comment: "What pulls a user is the item's vector, and the other way around.",
      as: (problem) => {
        const own: Addition = (at) => {
          const { user, item } = pulls(at);
          return { user: item, item: user };
        };
        return plus(summed(problem, own), problem.theta, problem.lambda);
      },
    },
  ],
});

export const noDamping = "forgot the damping";

export const hvp = numericCheck<Problem>({
  name: "hvp",
  title: "Hessian-vector product",
  points: 5,
  cell: "hvp-test",
  call: "hvp",
  draw: drawProblem,
  args: productArgs,
  right: hvpOf,
  mistakes: [
    {
      name: noDamping,
      score: 0.6,
      comment: "The ratings' part is right. The regulariser is curved too: what does it do to a direction?",
      as: (problem) => plus(hvpOf(problem), problem.direction, -problem.lambda),
    },
    {
      name: "sign",
      score: 0.5,
      comment: "It points the other way.",
      as: (problem) => times(hvpOf(problem), -1),
    },
    {
      name: "no terms in r",
      score: 0.6,
      comment: "This is the Gauss-Newton product: of the two terms of equation 4 the one in r is missing.",
      as: gaussNewtonOf,
    },
    {
      name: "sign of the residual",
      score: 0.6,
      comment: "The terms in r have the wrong sign: r is the prediction minus the label.",
      as: (problem) => plus(gaussNewtonOf(problem), summed(problem, twists), -1),
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "In the first term of equation 4 the factor w is missing.",
      as: (problem) => {
        const rest = plus(summed(problem, twists), problem.direction, problem.lambda);
        return plus(
          rest,
          summed(
            problem,
            bends(() => 1),
          ),
        );
      },
    },
    {
      name: "half of ds",
      score: 0.4,
      comment: "Equation 3 has two terms: the user's vector moves and the item's too.",
      as: (problem) => {
        const rest = plus(summed(problem, twists), problem.direction, problem.lambda);
        return plus(
          rest,
          summed(
            problem,
            bends(undefined, ({ q, a }) => dot(a, q)),
          ),
        );
      },
    },
    {
      name: "wrong axis",
      score: 0.4,
      comment: "The terms in r stand at the wrong end: at the user it is the item's part of the direction.",
      as: (problem) => plus(gaussNewtonOf(problem), summed(problem, crossedTwists)),
    },
  ],
});

export const gaussNewton = numericCheck<Problem>({
  name: "gauss-newton",
  title: "Gauss-Newton product",
  points: 3,
  cell: "gauss-newton-test",
  call: "gaussNewton",
  draw: drawProblem,
  args: productArgs,
  right: gaussNewtonOf,
  mistakes: [
    {
      name: noDamping,
      score: 0.5,
      comment: "The ratings' part is right. Without the regulariser nothing holds the curvature above 0.",
      as: curved,
    },
    {
      name: "sign",
      score: 0.5,
      comment: "It points the other way.",
      as: (problem) => times(gaussNewtonOf(problem), -1),
    },
    {
      name: "terms in r",
      score: 1 / 3,
      comment: "This is the exact product: the terms in r are to go.",
      as: hvpOf,
    },
    {
      name: "missing factor",
      score: 0.5,
      comment: "The factor w is missing.",
      as: (problem) =>
        plus(
          summed(
            problem,
            bends(() => 1),
          ),
          problem.direction,
          problem.lambda,
        ),
    },
  ],
});
