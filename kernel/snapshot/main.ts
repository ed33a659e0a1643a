// The last step of a build.
import { prepareFastStart } from "./make";

void prepareFastStart();
