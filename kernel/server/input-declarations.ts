/** What cells ask a person by, as the compiler sees it; `input-globals.ts` has the functions. */
export const inputDeclarations = `/**
 * Asks the person who runs the cell for a line of text, and waits for it. An interrupt ends the waiting.
 *
 * @example const name = prompt("Who are you?");
 * @param text what is asked
 * @param options a default for an empty answer, or \`{ default, password }\`; a password is not shown while it is typed
 * @throws InvalidOptionError for an option that it does not know
 * @throws InputRefusedError where nobody can answer: in \`npm run notebooks\`, nbclient and nbconvert
 */
declare function prompt(text?: string, options?: string | { default?: string; password?: boolean }): string;
/**
 * Asks the person who runs the cell a question of yes or no, and waits for the answer.
 *
 * @example if (confirm("Train again?")) await train();
 * @returns whether the answer was \`y\` or \`yes\`
 * @throws InputRefusedError where nobody can answer: in \`npm run notebooks\`, nbclient and nbconvert
 */
declare function confirm(text?: string): boolean;
`;
