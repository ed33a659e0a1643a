#!/usr/bin/env node
// npx recsys-unlearning-kernel COMMAND …: the command lines of an installed package. In a checkout
// `npm run COMMAND -- …` starts the same files.
import { dispatchCommand } from "recsys-unlearning/core";

dispatchCommand({
  packageName: "recsys-unlearning-kernel",
  folder: __dirname,
  commands: {
    course: "hand out assignments, grade them in a sandbox, give feedback",
    kernel: "the kernelspec of your own Jupyter: install, see, remove",
    lab: "JupyterLab with this kernel, without touching your own Jupyter",
    notebooks: "execute notebooks, without Python",
  },
});
