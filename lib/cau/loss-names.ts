/** The losses, in the order of equation 1. */
export const lossNames = ["unlearning", "recommendation", "kl"] as const;
