import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Scalar } from "@tensorflow/tfjs-core";
import { core, data, engine, models } from "recsys-unlearning";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { torchPython } from "../../../bench/engine/torch";

const run = promisify(execFile);
const script = join(core.repositoryFolder(), "test", "training", "sessions", "torch_step.py");

interface Step {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, ArrayLike<number>>>;
  readonly after: Readonly<Record<string, ArrayLike<number>>>;
}

const samples = data.prefixSamples(
  data.toSessions(data.generateInteractions({ userCount: 12, itemCount: 25, interactionsPerUser: 8 })),
);

/** The next items of all samples. */
function batchOf({ form }: models.SessionModel) {
  const input = models.nextInput(form, samples);
  const classes = samples.target.map((item) => models.classOfItem(form, item));
  return { input, classes };
}

/** One step of ours on them, without dropout. */
async function ourStep(model: models.SessionModel): Promise<Step> {
  const tensorEngine = await engine.tensorEngine();
  const { tf } = tensorEngine;
  const { input, classes } = batchOf(model);
  const parameters = model.parameters();
  const variables = parameters.map(({ shape, values }) =>
    tf.tidy(() => tf.variable(tf.tensor(values.slice(), [...shape]))),
  );
  const adam = tensorEngine.adam(variables, { learningRate: 1e-3 });
  const { value, grads } = tf.variableGrads((): Scalar => {
    const tensors = Object.fromEntries(parameters.map(({ name }, n) => [name, variables[n]]));
    const logits = models.sessionLogits({ form: model.form, engine: tensorEngine, tensors, input });
    return tensorEngine.softmaxCrossEntropy(logits, tf.tensor1d(classes, "int32"));
  });
  const named = <T>(of: (n: number) => T) => Object.fromEntries(parameters.map(({ name }, n) => [name, of(n)]));
  const gradients = named((n) => grads[variables[n].name].dataSync<"float32">().slice());
  adam.apply(grads);
  const after = named((n) => variables[n].dataSync<"float32">().slice());
  const loss = value.dataSync()[0];
  adam.dispose();
  tf.dispose([value, grads, ...variables]);
  return { loss, gradients, after };
}

const cases = [
  ["gru4rec", {}],
  ["sasrec", { headCount: 1 }],
  ["sasrec", { headCount: 2 }],
  ["bert4rec", { headCount: 4, hiddenSize: 32 }],
] as const;

const modelOf = ([kind, own]: (typeof cases)[number]) =>
  models.SessionModel.initialise(kind, 25, { embeddingSize: 16, maxLength: 6, initialDeviation: 0.3, ...own }, 5);

/** The same steps of PyTorch's, all in one process: to load it takes seconds. */
async function theirSteps(python: string, folder: string): Promise<Step[]> {
  const paths: string[] = [];
  for (const [n, of] of cases.entries()) {
    const [modelPath, batchPath] = [join(folder, `model-${n}.safetensors`), join(folder, `batch-${n}.json`)];
    const model = modelOf(of);
    const { input, classes } = batchOf(model);
    const batch = { tokens: [...input.tokens], places: [...input.places], classes: [...classes] };
    await model.save(modelPath);
    await writeFile(batchPath, JSON.stringify(batch));
    paths.push(modelPath, batchPath);
  }
  const { stdout } = await run(python, [script, ...paths], { maxBuffer: 2 ** 28 });
  return JSON.parse(stdout) as Step[];
}

describe("one training step is PyTorch's", () => {
  let folder: string;
  let theirs: Step[] | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "torch-step-"));
    const python = await torchPython();
    if (python !== null) theirs = await theirSteps(python, folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.for(cases)("%s %j", { timeout: 120_000 }, async (of, context) => {
    if (theirs === undefined) return context.skip("no PyTorch on this machine: npm run peers -- --torch");
    const model = modelOf(of);
    const [ours, expectedStep] = [await ourStep(model), theirs[cases.indexOf(of)]];
    expect(ours.loss).toBeCloseTo(expectedStep.loss, 4);
    for (const { name, values } of model.parameters()) {
      const [mine, expected] = [Array.from(ours.gradients[name]), Array.from(expectedStep.gradients[name])];
      const scale = Math.max(1e-4, ...expected.map(Math.abs));
      expect(Math.max(...mine.map((g, k) => Math.abs(g - expected[k]))) / scale, `gradient of ${name}`).toBeLessThan(
        1e-3,
      );
      // A first step of Adam is the sign of the gradient, so that only what is clearly not zero can be compared.
      const moved = mine.flatMap((g, k) => (Math.abs(g) > 1e-2 * scale && scale > 1e-4 ? [k] : []));
      for (const k of moved) {
        expect(ours.after[name][k] - values[k]).toBeCloseTo(expectedStep.after[name][k] - values[k], 5);
      }
    }
  });
});
