// Milliseconds of one training step of a network, on stdout. Usage: measure-step.js KIND
import { redirectAnnouncements } from "recsys-unlearning/core";
import type { SessionModelKind } from "recsys-unlearning/models";
import { trainingStepMs } from "./training";

async function main(): Promise<void> {
  redirectAnnouncements((line) => console.error(line));
  console.log(await trainingStepMs(process.argv[2] as SessionModelKind));
}

void main();
