import type { Scalar, Tensor1D } from "@tensorflow/tfjs-core";
import type { TensorEngine } from "../../lib/engine";
import { classOfItem, type SessionModel, sessionClassifier, sessionStates } from "../../lib/models";
import type { SessionBatch, SessionObjective } from "../../lib/training/sessions/session-objectives";
import { SessionTrainee, type SessionTraineeOptions } from "../../lib/training/sessions/session-trainee";

/** A batch with a random item for each label. */
interface NegativeBatch extends SessionBatch {
  readonly negatives: Int32Array;
}

/**
 * A training by binary cross-entropy of each label and one random item, as SASRec was published (gSASRec's repository
 * with `negs_per_pos=1` and `gbce_t=0`). The library trains by cross-entropy over all items alone.
 */
export function binaryTrainee(
  engine: TensorEngine,
  start: SessionModel,
  positives: SessionObjective,
  options: SessionTraineeOptions,
): SessionTrainee {
  const objective: SessionObjective = {
    rows: positives.rows,
    batch(chosen, random): NegativeBatch {
      const batch = positives.batch(chosen, random);
      return { ...batch, negatives: batch.labels.map(() => random.integer(start.itemCount)) };
    },
  };
  const none = { item: new Int32Array(0), start: new Int32Array(0), end: new Int32Array(0), target: new Int32Array(0) };
  const trainee = new SessionTrainee(engine, start, objective, none, options);
  const { tf } = engine;
  const { form } = start;
  const variables = [...trainee["variables"]];
  trainee["step"] = (batch, dropout) => {
    const { input, labels, negatives } = batch as NegativeBatch;
    const lossOf = (): Scalar =>
      tf.tidy(() => {
        const tensors = Object.fromEntries(start.parameters().map(({ name }, n) => [name, variables[n]]));
        const states = sessionStates({ form, engine, tensors, input, dropout });
        const { weight, bias } = sessionClassifier({ form, engine, tensors });
        const scoresOf = (items: Int32Array) => {
          const rows = tf.tensor1d(
            items.map((item) => classOfItem(form, item)),
            "int32",
          );
          const products = tf.sum(tf.mul(states, tf.gather(weight, rows)), 1);
          return tf.add(products, tf.gather(bias, rows)) as Tensor1D;
        };
        const ofLabels = tf.mean(tf.softplus(tf.neg(scoresOf(labels))));
        const ofNegatives = tf.mean(tf.softplus(scoresOf(negatives)));
        return tf.mul(tf.add(ofLabels, ofNegatives), 0.5) as Scalar;
      });
    const { value, grads } = tf.variableGrads(lossOf, variables);
    trainee["adam"].apply(grads);
    const loss = value.dataSync()[0];
    tf.dispose([value, grads]);
    return loss;
  };
  return trainee;
}
