// Makes the kernel's startup snapshot where it is missing: the last step of a build.
import { makeImage } from "./make";

void makeImage(() => console.error("preparing a fast start of the kernel, once for each Node")).then((problem) => {
  if (problem !== null) console.error(`kernels start without a snapshot: ${problem}`);
});
