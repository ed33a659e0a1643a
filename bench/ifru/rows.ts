import { explainSpeed } from "./explain";
import { requestSpeed } from "./request";
import { solverGap, solverSpeed } from "./solver";

export { dataSizeInteraction, dataSizeMemory, dataSizeUser } from "./dataset-size";

export const ml100kInteraction = requestSpeed("ml-100k", "interaction");
export const ml100kUser = requestSpeed("ml-100k", "user");
export const ml100kBatch = requestSpeed("ml-100k", "batch");
export const bookcrossingInteraction = requestSpeed("bookcrossing", "interaction");
export const bookcrossingUser = requestSpeed("bookcrossing", "user");
export const bookcrossingBatch = requestSpeed("bookcrossing", "batch");

export const ml100kSolver = solverSpeed("ml-100k");
export const ml100kSolverGap = solverGap("ml-100k");
export const bookcrossingSolver = solverSpeed("bookcrossing");
export const bookcrossingSolverGap = solverGap("bookcrossing");

export const ml100kExplain = explainSpeed("ml-100k", 50);
export const ml1mExplain = explainSpeed("ml-1m", 500);
