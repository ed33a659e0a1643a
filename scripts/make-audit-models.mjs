// Writes the model files that the course assignment `audit` hands out. Needs `npm run build`.
import { join } from "node:path";
import { saveModel } from "recsys-unlearning/models";
import { loadTypeScript } from "../kernel/dist/course/load-typescript.js";

const folder = join(import.meta.dirname, "..", "notebooks", "course", "source", "audit");
const { auditModels, made } = loadTypeScript(join(folder, "checks-models.ts"));
for (const variant of Object.keys(made))
  for (const [name, model] of auditModels(variant))
    await saveModel(join(folder, "models", `${variant}-${name}.safetensors`), model.kind, model.parameters());
