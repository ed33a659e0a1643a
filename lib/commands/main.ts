#!/usr/bin/env node
// npx recsys-unlearning COMMAND …: the command lines of an installed package. In a checkout `npm run COMMAND -- …`
// starts the same files.
import { dispatchCommand } from "../core";

dispatchCommand({
  packageName: "recsys-unlearning",
  folder: __dirname,
  commands: {
    data: "datasets: what there is, what is here, and getting it",
    engine: "what computes: see, install, check or remove engines",
    experiment: "experiments: what is to be computed, computing it, and the tables that come of it",
    figures: "figures and tables of kept results, in every format",
    forget: "a model of your data, forgetting, and the verdict on it",
  },
});
